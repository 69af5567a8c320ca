// One incident as a card: what a responder has to know first, and what can be done.

function element(tag, { text, className } = {}, ...children) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const TRIGGERS = {
  sos: "SOS", "motion.rollover": "rollover", "motion.crash": "crash", "cargo.leak": "leak", "cargo.fire": "fire",
  telephone: "telephone", "zone.prohibited": "prohibited zone", "tunnel.code": "forbidden tunnel",
};

/** The card. `step(incident, name)` takes a step, `show(place)` shows a place on the map. */
export function incidentCard(incident, { can, step, clock, show }) {
  const { sheet } = incident;
  const card = element("article", { className: `incident ${incident.state}` });
  card.append(top(incident, clock), element("p", { className: "muted", text: `${[...new Set(incident.level_reasons)].join("; ")}.` }));
  if (sheet.cargo_unknown) {
    card.append(element("p", { className: "warning", text: "The cargo is not known. Treat it as the most dangerous until it is." }));
  }
  if (sheet.hazard) card.append(figures(sheet.hazard), ...sheet.hazard.goods.map(goods));
  else if (!sheet.cargo_unknown) card.append(element("p", { text: "No dangerous goods are declared." }));
  if (sheet.contacts?.length > 0) card.append(contacts(sheet.contacts));
  card.append(actions(incident, { can, step, show }));
  return card;
}

function top(incident, clock) {
  const { sheet } = incident;
  const triggers = [...new Set(incident.triggers.map((one) => TRIGGERS[one.rule] ?? one.rule))].join(" + ");
  const plate = sheet.vehicle?.registration ? ` · ${sheet.vehicle.registration}` : "";
  return element("div", { className: "top" },
    element("span", { className: `grade ${incident.level}`, text: incident.level }),
    element("h3", { text: incident.vehicle ? `${incident.operator}/${incident.vehicle}${plate}` : "unknown vehicle" }),
    element("span", { className: "state", text: incident.state.replace("_", " ") }),
    element("span", { className: "muted", text: `${triggers}, ${clock(incident.raised_at)}${sheet.waybill ? `, waybill ${sheet.waybill}` : ""}` }));
}

function figures(hazard) {
  const km = (value, atLeast) => `${value}${atLeast ? "+" : ""} km`;
  const shown = [
    ["Isolate all round", hazard.isolate && `${hazard.isolate.metres} m`],
    ["Protect, day", hazard.protect && km(hazard.protect.protect_day_km, hazard.protect.day_at_least)],
    ["Protect, night", hazard.protect && km(hazard.protect.protect_night_km, hazard.protect.night_at_least)],
    ["Evacuate, large spill", hazard.evacuate && `${hazard.evacuate.metres} m`],
    ["Isolate, on fire", hazard.fire_isolate && `${hazard.fire_isolate.metres} m`],
  ].filter(([, value]) => value);
  return element("dl", { className: "figures" },
    ...shown.map(([name, value]) => element("div", {}, element("dt", { text: name }), element("dd", { text: value }))));
}

function goods(line) {
  const plate = element("div", { className: "plate" },
    element("span", { text: line.hin ?? "" }), element("span", { text: line.un_number }));
  plate.setAttribute("aria-label", `hazard identification number ${line.hin ?? "not given"}, UN ${line.un_number}`);
  plate.setAttribute("role", "img");
  const classes = line.class ? `class ${line.class}${line.subsidiary_hazards.length > 0 ? ` (${line.subsidiary_hazards.join(" + ")})` : ""}` : "class not available";
  const quantity = [line.quantity_kg && `${line.quantity_kg} kg`, line.quantity_l && `${line.quantity_l} l`].filter(Boolean).join(", ");
  const facts = [classes, line.packing_group && `PG ${line.packing_group}`, line.mode, quantity, line.empty_uncleaned && "empty, uncleaned"];
  const guides = line.erg_guides.map((guide) => `${guide.reference} ${guide.title}`).join("; ");
  const words = element("div", {},
    element("strong", { text: line.name_en ?? "not in the goods catalogue" }),
    element("div", { className: "muted", text: facts.filter(Boolean).join(" · ") }));
  if (line.hin_meaning) words.append(element("div", { text: line.hin_meaning }));
  if (guides) words.append(element("div", { className: "muted", text: `ERG guide ${guides}` }));
  for (const note of line.notes) words.append(element("div", { className: "warning", text: note }));
  return element("div", { className: "goods" }, plate, words);
}

function contacts(list) {
  return element("ul", { className: "contacts" }, ...list.map((contact) => {
    const call = element("a", { text: contact.phone });
    call.href = `tel:${contact.phone.replace(/[^+\d]/g, "")}`;
    return element("li", {}, element("span", { className: "muted", text: `${contact.role} ` }), `${contact.name} `, call);
  }));
}

function actions(incident, { can, step, show }) {
  const bar = element("div", { className: "actions" });
  const trouble = element("span", { className: "error" });
  trouble.setAttribute("role", "alert");
  const add = (text, className, act) => {
    const made = element("button", { text, className });
    made.type = "button";
    made.addEventListener("click", async () => {
      made.disabled = true;
      try {
        await act();
      } catch (error) {
        trouble.textContent = error.message;
        made.disabled = false;
      }
    });
    bar.append(made);
    return made;
  };
  if (can.acknowledge && incident.state === "raised") add("Acknowledge", "", () => step(incident, "acknowledge"));
  if (can.close && incident.state !== "raised" && !incident.closed_at) add("Close", "quiet", () => step(incident, "close"));
  if (incident.sheet.place) {
    const button = add("Show on map", "quiet", () => {
      show(incident.sheet.place);
      button.disabled = false;
    });
  }
  const sheet = element("a", { text: "Hazard sheet", className: "button" });
  sheet.href = `/api/v1/incidents/${incident.id}/sheet`;
  sheet.target = "_blank";
  bar.append(sheet, trouble);
  return bar;
}
