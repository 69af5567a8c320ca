// The map: zones, vehicles and incidents on a canvas, in Web Mercator. It knows nothing of the server.

const COLOURS = { S1: "#ff5f5f", S2: "#ff9d42", S3: "#f4d35e", S4: "#7db6ff", none: "#c3ccd4" };
const ZONES = { prohibited: "226,106,106", speed_limit: "217,178,76", tunnel: "157,141,241" };
const EARTH_M = 40075016.686;
const CLOSEST = 2 ** 31;

/** A place in the unit square of Web Mercator. */
function project(lon, lat) {
  const sine = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

function boundsOf(points) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

export class LiveMap {
  #canvas;
  #pen;
  #view = { x: 0.515, y: 0.335, scale: 12000 };
  #zones = [];
  #vehicles = new Map();
  #incidents = [];
  #picked = null;
  #moved = false;
  #due = false;
  #pointers = new Map();
  #onPick;

  constructor(canvas, onPick) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.#onPick = onPick;
    new ResizeObserver(() => this.draw()).observe(canvas);
    this.#listen();
  }

  /** Zones as the API lists them. */
  setZones(zones) {
    this.#zones = zones.map((zone) => {
      const area = zone.outline ?? zone.area;
      const polygons = area.type === "Polygon" ? [area.coordinates] : area.coordinates;
      const rings = polygons.flat().map((ring) => ring.map(([lon, lat]) => project(lon, lat)));
      return { kind: zone.kind, name: zone.name, rings, box: boundsOf(rings.flat()) };
    });
    this.draw();
  }

  /** Vehicles by key: { lat, lon, heading_deg, speed_kmh, label, grade }. */
  setVehicle(key, vehicle) {
    this.#vehicles.set(key, { ...vehicle, at: project(vehicle.lon, vehicle.lat) });
    this.draw();
  }

  /** Incidents: { lat, lon, track, closed }. */
  setIncidents(incidents) {
    this.#incidents = incidents.map((incident) => ({
      ...incident,
      at: project(incident.lon, incident.lat),
      track: (incident.track ?? []).map((point) => project(point.lon, point.lat)),
    }));
    this.draw();
  }

  clear() {
    [this.#zones, this.#incidents, this.#picked, this.#moved] = [[], [], null, false];
    this.#vehicles.clear();
    this.draw();
  }

  pick(key) {
    this.#picked = key;
    const vehicle = this.#vehicles.get(key);
    if (vehicle) this.#look(vehicle.at, Math.max(this.#view.scale, 60000));
    this.draw();
  }

  lookAt(lat, lon) {
    this.#look(project(lon, lat), Math.max(this.#view.scale, 200000));
  }

  #look(at, scale) {
    this.#canvas.scrollIntoView({ block: "nearest" });
    this.#view = { x: at.x, y: at.y, scale };
    this.#moved = true;
    this.draw();
  }

  /** Shows everything, unless somebody has moved the map. */
  fitOnce() {
    if (!this.#moved) this.fit();
  }

  fit() {
    const seen = [...this.#vehicles.values(), ...this.#incidents].map((item) => item.at);
    const corners = this.#zones.flatMap(({ box }) => [{ x: box.left, y: box.top }, { x: box.right, y: box.bottom }]);
    const points = seen.length > 0 ? seen : corners;
    if (points.length === 0) return;
    const box = boundsOf(points);
    const room = 0.84 * Math.min(
      this.#canvas.clientWidth / Math.max(box.right - box.left, 2e-5),
      this.#canvas.clientHeight / Math.max(box.bottom - box.top, 2e-5),
    );
    this.#view = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale: Math.min(room, 2 ** 24) };
    this.draw();
  }

  zoom(factor, at = { x: this.#canvas.clientWidth / 2, y: this.#canvas.clientHeight / 2 }) {
    const { x, y, scale } = this.#view;
    const next = Math.max(256, Math.min(CLOSEST, scale * factor));
    const [dx, dy] = [at.x - this.#canvas.clientWidth / 2, at.y - this.#canvas.clientHeight / 2];
    this.#view = { x: x + dx / scale - dx / next, y: y + dy / scale - dy / next, scale: next };
    this.#moved = true;
    this.draw();
  }

  #pan(dx, dy) {
    this.#view.x -= dx / this.#view.scale;
    this.#view.y -= dy / this.#view.scale;
    this.#moved = true;
    this.draw();
  }

  #listen() {
    const canvas = this.#canvas;
    const local = (event) => ({ x: event.offsetX, y: event.offsetY });
    let travelled = 0;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, local(event));
      if (this.#pointers.size === 1) travelled = 0;
      canvas.classList.add("dragging");
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = this.#pointers.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      travelled += Math.hypot(now.x - before.x, now.y - before.y);
      const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const apart = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
        this.zoom(apart(now) / apart(before), other);
      } else {
        this.#pan(now.x - before.x, now.y - before.y);
      }
      this.#pointers.set(event.pointerId, now);
    });
    const lift = (event) => {
      if (!this.#pointers.delete(event.pointerId)) return;
      canvas.classList.remove("dragging");
      if (event.type === "pointerup" && travelled < 6) this.#click(local(event));
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), local(event));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const keys = {
        "+": () => this.zoom(1.5), "=": () => this.zoom(1.5), "-": () => this.zoom(1 / 1.5), "0": () => this.fit(),
        ArrowLeft: () => this.#pan(60, 0), ArrowRight: () => this.#pan(-60, 0),
        ArrowUp: () => this.#pan(0, 60), ArrowDown: () => this.#pan(0, -60),
      };
      if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      keys[event.key]();
    });
  }

  #click(at) {
    let nearest = null;
    let reach = 18;
    for (const [key, vehicle] of this.#vehicles) {
      const point = this.#toScreen(vehicle.at);
      const apart = Math.hypot(point.x - at.x, point.y - at.y);
      if (apart < reach) [nearest, reach] = [key, apart];
    }
    this.#picked = nearest;
    this.#onPick(nearest);
    this.draw();
  }

  #toScreen({ x, y }) {
    const { x: cx, y: cy, scale } = this.#view;
    return { x: (x - cx) * scale + this.#canvas.clientWidth / 2, y: (y - cy) * scale + this.#canvas.clientHeight / 2 };
  }

  /** Draws with the next frame, once however often it is called. */
  draw() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#paint();
    });
  }

  #paint() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio || 1;
    if (this.#canvas.width !== Math.round(width * ratio) || this.#canvas.height !== Math.round(height * ratio)) {
      this.#canvas.width = Math.round(width * ratio);
      this.#canvas.height = Math.round(height * ratio);
    }
    const pen = this.#pen;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = "#12171c";
    pen.fillRect(0, 0, width, height);
    this.#paintGrid(width, height);
    this.#paintZones(width, height);
    this.#paintVehicles(width, height);
    this.#paintIncidents();
    this.#paintScale(width, height);
  }

  #paintGrid(width, height) {
    const pen = this.#pen;
    const degrees = (140 / this.#view.scale) * 360;
    const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30].find((size) => size >= degrees) ?? 45;
    const west = (this.#view.x - width / 2 / this.#view.scale - 0.5) * 360;
    const east = (this.#view.x + width / 2 / this.#view.scale - 0.5) * 360;
    const latitude = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
    const north = latitude(this.#view.y - height / 2 / this.#view.scale);
    const south = latitude(this.#view.y + height / 2 / this.#view.scale);
    const digits = step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
    pen.strokeStyle = "#1e262d";
    pen.fillStyle = "#59656f";
    pen.font = "11px system-ui, sans-serif";
    pen.lineWidth = 1;
    pen.beginPath();
    for (let lon = Math.ceil(west / step) * step; lon < east; lon += step) {
      const { x } = this.#toScreen(project(lon, 0));
      pen.moveTo(x, 0);
      pen.lineTo(x, height);
      pen.textAlign = "center";
      if (x > 60 && x < width - 150) pen.fillText(`${Math.abs(lon).toFixed(digits)}°${lon < 0 ? "W" : "E"}`, x, height - 6);
    }
    for (let lat = Math.ceil(south / step) * step; lat < north; lat += step) {
      const { y } = this.#toScreen(project(0, lat));
      pen.moveTo(0, y);
      pen.lineTo(width, y);
      pen.textAlign = "left";
      if (y > 175 && y < height - 20) pen.fillText(`${Math.abs(lat).toFixed(digits)}°${lat < 0 ? "S" : "N"}`, 6, y - 4);
    }
    pen.stroke();
  }

  #paintZones(width, height) {
    const pen = this.#pen;
    for (const zone of this.#zones) {
      const low = this.#toScreen({ x: zone.box.left, y: zone.box.top });
      const high = this.#toScreen({ x: zone.box.right, y: zone.box.bottom });
      if (high.x < 0 || high.y < 0 || low.x > width || low.y > height) continue;
      pen.beginPath();
      for (const ring of zone.rings) {
        ring.forEach((point, index) => {
          const { x, y } = this.#toScreen(point);
          if (index === 0) pen.moveTo(x, y);
          else pen.lineTo(x, y);
        });
        pen.closePath();
      }
      const colour = ZONES[zone.kind] ?? "150,150,150";
      pen.fillStyle = `rgba(${colour},.13)`;
      pen.strokeStyle = `rgba(${colour},.75)`;
      pen.lineWidth = 1.2;
      pen.fill("evenodd");
      pen.stroke();
      if (high.x - low.x > 70 && high.y - low.y > 18) {
        pen.fillStyle = `rgba(${colour},.95)`;
        pen.font = "11px system-ui, sans-serif";
        pen.textAlign = "center";
        pen.fillText(zone.name, (low.x + high.x) / 2, (low.y + high.y) / 2 + 4, high.x - low.x - 10);
      }
    }
  }

  #paintIncidents() {
    const pen = this.#pen;
    for (const incident of this.#incidents) {
      pen.strokeStyle = "rgba(245,133,31,.7)";
      pen.lineWidth = 2;
      pen.beginPath();
      incident.track.forEach((point, index) => {
        const { x, y } = this.#toScreen(point);
        if (index === 0) pen.moveTo(x, y);
        else pen.lineTo(x, y);
      });
      pen.stroke();
      // A pin, so that it does not cover the vehicle that it stands for.
      const foot = this.#toScreen(incident.at);
      const [x, y] = [foot.x, foot.y - 30];
      pen.beginPath();
      pen.moveTo(foot.x, foot.y - (this.#vehicles.size > 0 ? 7 : 0));
      pen.lineTo(x, y);
      pen.strokeStyle = "#f5851f";
      pen.stroke();
      pen.beginPath();
      pen.moveTo(x, y - 13);
      pen.lineTo(x + 13, y);
      pen.lineTo(x, y + 13);
      pen.lineTo(x - 13, y);
      pen.closePath();
      pen.fillStyle = "#f5851f";
      pen.fill();
      pen.strokeStyle = "#12171c";
      pen.stroke();
      pen.fillStyle = "#12171c";
      pen.font = "700 11px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.fillText(incident.level, x, y + 4);
    }
  }

  #paintVehicles(width, height) {
    const pen = this.#pen;
    const graver = (grade) => (grade ? 5 - Number(grade.slice(1)) : 0);
    const shown = [...this.#vehicles].map(([key, vehicle]) => ({ key, ...vehicle, ...this.#toScreen(vehicle.at) }))
      .filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20)
      .sort((one, other) => graver(one.grade) - graver(other.grade));
    const all = shown.length <= 25;
    pen.font = "11px system-ui, sans-serif";
    pen.textAlign = "left";
    for (const { key, x, y, heading_deg: heading, speed_kmh: speed, grade, label } of shown) {
      const colour = COLOURS[grade] ?? COLOURS.none;
      const size = grade ? 6 : 4.5;
      pen.fillStyle = colour;
      pen.strokeStyle = "#12171c";
      pen.lineWidth = 1.2;
      pen.beginPath();
      if (typeof heading === "number" && speed > 2) {
        const turn = ([ahead, aside]) => {
          const angle = (heading * Math.PI) / 180;
          return [x + ahead * Math.sin(angle) + aside * Math.cos(angle), y - ahead * Math.cos(angle) + aside * Math.sin(angle)];
        };
        pen.moveTo(...turn([size * 2, 0]));
        pen.lineTo(...turn([-size, size]));
        pen.lineTo(...turn([-size * 0.45, 0]));
        pen.lineTo(...turn([-size, -size]));
        pen.closePath();
      } else {
        pen.arc(x, y, size, 0, 2 * Math.PI);
      }
      pen.fill();
      pen.stroke();
      if (key === this.#picked) {
        pen.strokeStyle = "#ffffff";
        pen.lineWidth = 1.6;
        pen.beginPath();
        pen.arc(x, y, size + 8, 0, 2 * Math.PI);
        pen.stroke();
      }
      if (all || grade === "S1" || grade === "S2" || key === this.#picked) {
        pen.fillStyle = grade ? colour : "#9aa7b2";
        pen.fillText(label, x + size + 8, y + 4);
      }
    }
  }

  #paintScale(width, height) {
    const pen = this.#pen;
    const latitude = Math.atan(Math.sinh(Math.PI * (1 - 2 * this.#view.y)));
    const metresPerPixel = (EARTH_M * Math.cos(latitude)) / this.#view.scale;
    const metres = [1, 2, 5].flatMap((digit) => [10, 100, 1000, 10000, 100000].map((power) => digit * power))
      .filter((length) => length / metresPerPixel <= 110).reduce((one, other) => Math.max(one, other), 10);
    const length = metres / metresPerPixel;
    pen.strokeStyle = pen.fillStyle = "#9aa7b2";
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(width - 14 - length, height - 16);
    pen.lineTo(width - 14 - length, height - 11);
    pen.lineTo(width - 14, height - 11);
    pen.lineTo(width - 14, height - 16);
    pen.stroke();
    pen.textAlign = "right";
    pen.font = "11px system-ui, sans-serif";
    pen.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, width - 14, height - 19);
  }
}
