// The page: signs in, follows the stream, and keeps the lists. Data reach the document as text, never as markup.

import { incidentCard } from "/incident.js";
import { LiveMap } from "/map.js";

const $ = (id) => document.getElementById(id);
const MOST_ROWS = 300;
const NEWEST = 60;
/** A vehicle that was not heard of for so long is shown dimmed. */
const STALE_MS = 120_000;

let me = null;
let source = null;
let lastEventId = "";
let retry = null;
let shown = 0;
/** What the stream said while the lists are being loaded. */
let heard = null;
const positions = new Map();
const violations = new Map();
/** The open ones of each vehicle. */
const openByVehicle = new Map();
const incidents = new Map();
const dirty = new Set();
let picked = null;

const map = new LiveMap($("map"), (key) => pick(key, false));

// --- Talking to the server

async function ask(path, options = {}) {
  const response = await fetch(path, { credentials: "same-origin", ...options });
  if (response.status === 204) return null;
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  const error = new Error(body.detail || body.title || `the server answered ${response.status}`);
  error.status = response.status;
  throw error;
}

async function all(path) {
  const items = [];
  let cursor = null;
  do {
    const page = await ask(`${path}${path.includes("?") ? "&" : "?"}limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

const may = (action) => me !== null && me.may.includes(action);

// --- Signing in and out

async function start() {
  try {
    enter(await ask("/api/v1/me"));
  } catch (error) {
    if (error.status === 401) leave();
    else {
      setLink("lost", "The server does not answer");
      retry = setTimeout(start, 3000);
    }
  }
}

function enter(who) {
  me = who;
  $("who").textContent = `${who.organisation} · ${who.role}`;
  $("sign-in").hidden = true;
  $("desk").hidden = false;
  $("sign-out").hidden = false;
  $("desk").classList.toggle("responder", !may("fleet.see"));
  legend();
  follow();
}

function leave(reason = "") {
  source?.close();
  clearTimeout(retry);
  [me, source, lastEventId, picked] = [null, null, "", null];
  for (const store of [positions, violations, openByVehicle, incidents]) store.clear();
  map.clear();
  $("who").textContent = "";
  $("desk").hidden = $("sign-out").hidden = $("link").hidden = true;
  $("sign-in").hidden = false;
  $("sign-in-error").textContent = reason;
  $("token").focus();
}

$("sign-in-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("sign-in-error").textContent = "";
  try {
    const body = JSON.stringify({ token: $("token").value });
    enter(await ask("/api/v1/session", { method: "POST", headers: { "content-type": "application/json" }, body }));
    $("token").value = "";
  } catch (error) {
    $("sign-in-error").textContent = error.message;
  }
});

$("sign-out").addEventListener("click", async () => {
  await ask("/api/v1/session", { method: "DELETE" }).catch(() => {});
  leave();
});

// --- The stream

function setLink(state, text) {
  $("link").hidden = false;
  $("link").className = `link ${state}`;
  $("link").textContent = text;
}

function follow() {
  setLink("", "Connecting");
  source = new EventSource(`/api/v1/stream${lastEventId ? `?last_event_id=${lastEventId}` : ""}`);
  const on = (name, take) => source.addEventListener(name, (event) => {
    lastEventId = event.lastEventId;
    take(JSON.parse(event.data));
  });
  on("position", (list) => {
    for (const position of list) takePosition(position);
    map.fitOnce();
  });
  for (const [name, take] of [["violation", takeViolation], ["incident", takeIncident]]) {
    on(name, (item) => {
      heard?.push([take, item]);
      take(item);
    });
  }
  source.addEventListener("open", () => {
    setLink("live", "Live");
    load();
  });
  source.addEventListener("error", () => {
    setLink("lost", "Connection lost, trying again");
    // A browser gives up by itself when the answer was not a stream.
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(again, 3000);
  });
}

async function again() {
  try {
    await ask("/api/v1/me");
    follow();
  } catch (error) {
    if (error.status === 401) leave("The session has ended. Sign in again.");
    else retry = setTimeout(again, 3000);
  }
}

/** What the stream does not tell from the beginning. It is asked for after the stream is open, so that nothing is missed. */
async function load() {
  const jobs = [all("/api/v1/incidents?state=open").then((list) => {
    incidents.clear();
    for (const one of list) takeIncident(one);
  })];
  const meanwhile = (heard = []);
  if (may("fleet.see")) {
    jobs.push(Promise.all([all("/api/v1/violations?open=true"), ask(`/api/v1/violations?limit=${NEWEST}`)])
      .then(([open, newest]) => {
        violations.clear();
        openByVehicle.clear();
        for (const one of [...newest.items, ...open]) takeViolation(one);
        for (const key of positions.keys()) place(key);
      }));
  }
  if (may("zone.see")) {
    jobs.push(all("/api/v1/zones").then((zones) => {
      const now = Date.now();
      map.setZones(zones.filter((zone) => !zone.valid_to || Date.parse(zone.valid_to) > now));
      map.fitOnce();
    }));
  }
  const failed = (await Promise.allSettled(jobs)).find((job) => job.status === "rejected");
  // The lists may be older than what the stream said while they were under way.
  for (const [take, item] of meanwhile) take(item);
  if (heard === meanwhile) heard = null;
  mark("vehicles", "violations", "incidents");
  if (failed) setLink("lost", `Not everything could be loaded: ${failed.reason.message}`);
}

// --- Keeping what came

function mark(...what) {
  for (const name of what) dirty.add(name);
}

function takePosition(position) {
  const key = `${position.operator}/${position.vehicle}`;
  positions.set(key, position);
  place(key);
  mark("vehicles");
}

function takeViolation(violation) {
  violations.set(violation.id, violation);
  const key = `${violation.operator}/${violation.vehicle}`;
  const open = openByVehicle.get(key) ?? new Map();
  if (violation.closed_at) open.delete(violation.id);
  else open.set(violation.id, violation);
  openByVehicle.set(key, open);
  place(key);
  mark("violations", "vehicles");
}

function takeIncident(incident) {
  if (!incident.sheet) incidents.delete(incident.id);
  else incidents.set(incident.id, incident);
  mark("incidents");
}

const openOf = (key) => [...(openByVehicle.get(key)?.values() ?? [])];

const gravest = (list) => list.map((one) => one.severity).sort()[0];

function place(key) {
  const position = positions.get(key);
  if (position) map.setVehicle(key, { ...position, label: position.vehicle, grade: gravest(openOf(key)) });
}

function pick(key, move) {
  picked = key;
  if (move) map.pick(key);
  mark("vehicles");
}

// --- Showing it, at most twice a second

setInterval(() => {
  if (me === null) return;
  if (Date.now() - shown > 5000) mark("vehicles");
  if (dirty.has("vehicles")) showVehicles();
  if (dirty.has("violations")) showViolations();
  if (dirty.has("incidents")) showIncidents();
  dirty.clear();
}, 500);

function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  if (text !== "") made.textContent = text;
  if (className) made.className = className;
  return made;
}

function row(cells, { key, className = "", onPick }) {
  const made = element("tr", "", className);
  made.append(...cells);
  if (onPick) {
    made.dataset.key = key;
    made.tabIndex = 0;
    made.addEventListener("click", onPick);
    made.addEventListener("keydown", (event) => event.key === "Enter" && onPick());
  }
  return made;
}

const grade = (text) => element("span", text, `grade ${text}`);

function cell(content, className = "") {
  const made = element("td", typeof content === "string" ? content : "", className);
  if (content instanceof Node) made.append(content);
  return made;
}

function clock(time) {
  const at = new Date(time);
  const today = at.toDateString() === new Date().toDateString();
  return (today ? "" : `${at.toLocaleDateString()} `) + at.toLocaleTimeString([], { hour12: false });
}

function age(time) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`;
  return clock(time);
}

const rounded = (value) => (typeof value === "number" ? String(Math.round(value)) : "–");

function showVehicles() {
  shown = Date.now();
  const list = [...positions].map(([key, position]) => ({ key, position, open: openOf(key) }));
  list.sort((one, other) => (gravest(one.open) ?? "T").localeCompare(gravest(other.open) ?? "T") || one.key.localeCompare(other.key));
  const several = new Set(list.map(({ position }) => position.operator)).size > 1;
  const name = ({ key, position }) => (several ? key : position.vehicle);
  $("vehicles").replaceChildren(...list.slice(0, MOST_ROWS).map((item) => {
    const { key, position } = item;
    const stale = shown - Date.parse(position.time) > STALE_MS ? "stale" : "";
    return row([
      cell(name(item)), cell(rounded(position.speed_kmh), "number"),
      cell(typeof position.heading_deg === "number" ? `${rounded(position.heading_deg)}°` : "–", "number wide"),
      cell(`${position.lat.toFixed(4)}, ${position.lon.toFixed(4)}`, "number wide"), cell(age(position.time), "time"),
      cell(item.open.length > 0 ? grade(gravest(item.open)) : ""),
    ], { key, className: `${stale} ${key === picked ? "picked-row" : ""}`, onPick: () => pick(key, true) });
  }));
  $("vehicles-count").textContent = list.length > MOST_ROWS ? `${list.length}, the first ${MOST_ROWS} are listed` : list.length || "";
  $("vehicles-none").hidden = list.length > 0;
  showPicked();
}

function showPicked() {
  const position = positions.get(picked);
  $("picked").hidden = !position;
  if (!position) return;
  const open = openOf(picked).map((one) => `${one.severity} ${one.rule}${one.zone ? ` (${one.zone.name})` : ""}`);
  $("picked").textContent = `${picked} · ${rounded(position.speed_kmh)} km/h · ${age(position.time)}${open.length > 0 ? ` · ${open.join(", ")}` : ""}`;
}

function showViolations() {
  const list = [...violations.values()].sort((one, other) => other.opened_at.localeCompare(one.opened_at));
  for (const old of list.filter((one) => one.closed_at).slice(NEWEST)) violations.delete(old.id);
  const where = (one) => one.zone?.name ?? (one.subject === "vehicle" ? "" : one.subject);
  const rule = (one) => {
    const made = cell(one.rule);
    made.append(element("div", where(one), "narrow muted"));
    return made;
  };
  $("violations").replaceChildren(...list.slice(0, NEWEST).map((one) => row([
    cell(grade(one.severity)), rule(one), cell(one.vehicle), cell(where(one), "wide"), cell(clock(one.opened_at), "time"),
    cell(one.closed_at ? "over" : one.certainty === "observed" ? "open" : `open, ${one.certainty}`),
  ], { key: one.id, className: one.closed_at ? "over" : "", onPick: () => pick(`${one.operator}/${one.vehicle}`, true) })));
  const open = list.filter((one) => !one.closed_at).length;
  $("violations-count").textContent = open > 0 ? `${open} open` : "";
  $("violations-none").hidden = list.length > 0;
}

function showIncidents() {
  const list = [...incidents.values()].filter((one) => !one.closed_at);
  list.sort((one, other) => one.level.length - other.level.length || other.raised_at.localeCompare(one.raised_at));
  const can = { acknowledge: may("incident.acknowledge"), close: may("incident.close") };
  const cards = list.map((one) => incidentCard(one, { can, step, clock, show: (at) => map.lookAt(at.lat, at.lon) }));
  $("incidents").replaceChildren(...(cards.length > 0 ? cards : [element("p", "No incident is open.", "none")]));
  $("incidents-count").textContent = list.length > 0 ? `${list.length} open` : "";
  map.setIncidents(list.filter((one) => one.sheet.place).map((one) => ({ ...one.sheet.place, level: one.level, track: one.sheet.track })));
  if (!may("fleet.see")) map.fitOnce();
}

async function step(incident, name) {
  const record = await ask(`/api/v1/incidents/${encodeURIComponent(incident.id)}/${name}`, { method: "POST" });
  takeIncident(record);
}

function legend() {
  const fleet = [["S1 critical", "s1"], ["S2 major", "s2"], ["S3 minor", "s3"], ["S4 notice", "s4"], ["no violation", ""],
    ["prohibited zone", "zone prohibited"], ["speed limit", "zone speed_limit"], ["tunnel", "zone tunnel"]];
  $("legend").hidden = !may("fleet.see");
  $("legend").replaceChildren(...[...fleet, ["incident", "pin"]].map(([text, className]) => element("li", text, className)));
}

$("zoom-in").addEventListener("click", () => map.zoom(1.6));
$("zoom-out").addEventListener("click", () => map.zoom(1 / 1.6));
$("fit").addEventListener("click", () => map.fit());

start();
