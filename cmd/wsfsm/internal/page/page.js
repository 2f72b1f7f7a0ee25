"use strict";
(() => {
  const el = (id) => document.getElementById(id);
  const base = (location.protocol === "https:" ? "wss://" : "ws://") + location.host;
  const most = 500; // entries kept in a list
  const longest = 4000; // characters shown of a text
  const longestHex = 256; // octets shown of a binary message
  const utf8 = new TextEncoder();

  let socket = null; // the echo connection
  let feed = null; // what the server tells of it

  const octets = (n) => n.toLocaleString("en") + (n === 1 ? " octet" : " octets");
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(" ");
  const cut = (text) => (text.length > longest ? text.slice(0, longest) + " …" : text);
  const cutHex = (bytes) => hex(bytes.subarray(0, longestHex)) + (bytes.length > longestHex ? " …" : "");

  function now() {
    const time = document.createElement("time");
    const date = new Date();
    time.dateTime = date.toISOString();
    time.textContent = date.toTimeString().slice(0, 8) + "." + String(date.getMilliseconds()).padStart(3, "0");
    return time;
  }

  function span(text, name = "span") {
    const node = document.createElement(name);
    node.textContent = text;
    return node;
  }

  function facts(...parts) {
    const line = document.createElement("div");
    line.className = "facts";
    for (const part of parts) line.append(part, " ");
    return line;
  }

  // add appends an entry and follows it if the end of the list was in sight.
  function add(list, item) {
    const follow = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    list.append(item);
    while (list.children.length > most) list.firstElementChild.remove();
    if (follow) list.scrollTop = list.scrollHeight;
  }

  function log(what, detail, text, failed) {
    const item = document.createElement("li");
    if (failed) item.className = "error";
    item.append(facts(now(), span(what, "b"), span(detail)));
    if (text) item.append(span(cut(text), "pre"));
    el("log-hint").hidden = true;
    add(el("log"), item);
  }

  const button = (form) => el(form).querySelector("button");

  // state shows how the connection is, and the form that can change that.
  function state(name, text) {
    el("status").dataset.state = name;
    el("status").textContent = text;
    el("connect").hidden = name === "open" || name === "closing";
    el("close").hidden = !el("connect").hidden;
    button("connect").disabled = name !== "closed";
    button("close").disabled = button("send").disabled = name !== "open";
  }

  // address returns the URL of a connection to this server, with the id under
  // which its frames are told.
  function address(path, id) {
    const url = new URL(path.startsWith("/") ? path : "/" + path, location.href);
    if (url.host !== location.host) throw new SyntaxError("The path leads to another server.");
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    url.searchParams.set("trace", id);
    return url;
  }

  function connect(event) {
    event.preventDefault();
    const id = hex(crypto.getRandomValues(new Uint8Array(16))).replaceAll(" ", "");
    el("connect-problem").textContent = "";
    state("connecting", "Connecting");
    let begun = false;
    const begin = () => {
      if (!begun) open(id);
      begun = true;
    };
    feed = new WebSocket(base + "/?id=" + id, "wsfsm.trace");
    feed.onclose = begin; // no frames then, but messages
    feed.onmessage = (e) => {
      const line = JSON.parse(e.data);
      line.type === "ready" ? begin() : tell(line);
    };
  }

  function open(id) {
    const protocols = el("subprotocols").value.split(",").map((s) => s.trim()).filter(Boolean);
    try {
      socket = new WebSocket(address(el("path").value.trim(), id), protocols);
    } catch (e) {
      el("connect-problem").textContent = e.message;
      state("closed", "Not connected");
      feed.close();
      return;
    }
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      const agreed = socket.protocol ? ", subprotocol " + socket.protocol : "";
      state("open", "Connected" + agreed);
      log("open", el("path").value.trim() + agreed);
      el("message").focus();
    };
    socket.onmessage = received;
    socket.onerror = () => log("error", "the browser does not say why", "", true);
    socket.onclose = closed;
  }

  function received(e) {
    if (typeof e.data === "string") {
      log("← text", octets(utf8.encode(e.data).length), e.data);
      return;
    }
    const bytes = new Uint8Array(e.data);
    log("← binary", octets(bytes.length), cutHex(bytes));
  }

  function closed(e) {
    const left = el("close").contains(document.activeElement) || document.activeElement === document.body;
    state("closed", "Closed with " + e.code);
    if (left) button("connect").focus();
    log("closed", `code ${e.code}, ${e.wasClean ? "clean" : "not clean"}`, e.reason, !e.wasClean);
    setTimeout((old) => old.close(), 500, feed); // the last frames are still under way
  }

  // parseHex returns the octets of a text such as "48 65 6c" or "48656c".
  function parseHex(text) {
    const digits = text.replace(/\s+/g, "");
    if (/[^0-9a-f]/i.test(digits)) throw new SyntaxError("Only hex digits and blanks, such as 48 65 6c 6c 6f.");
    if (digits.length % 2) throw new SyntaxError("An octet has two hex digits; the last one has one.");
    return Uint8Array.from(digits.match(/../g) ?? [], (d) => parseInt(d, 16));
  }

  function send(event) {
    event.preventDefault();
    if (socket?.readyState !== WebSocket.OPEN) return;
    const text = el("message").value;
    el("send-problem").textContent = "";
    try {
      if (el("send").elements.kind.value === "binary") {
        const bytes = parseHex(text);
        socket.send(bytes);
        log("→ binary", octets(bytes.length), cutHex(bytes));
      } else {
        socket.send(text);
        log("→ text", octets(utf8.encode(text).length), text);
      }
    } catch (e) {
      el("send-problem").textContent = e.message;
    }
  }

  function close(event) {
    event.preventDefault();
    const code = el("code").value.trim();
    const reason = el("reason").value;
    el("close-problem").textContent = "";
    if (code !== "" && !(code === "1000" || /^[34][0-9]{3}$/.test(code))) {
      el("close-problem").textContent = "A browser may send 1000 or 3000 to 4999.";
    } else if (utf8.encode(reason).length > 123) {
      el("close-problem").textContent = "The reason is longer than 123 octets.";
    } else if (code === "" && reason !== "") {
      el("close-problem").textContent = "A reason needs a code.";
    } else {
      state("closing", "Closing");
      log("→ close", code === "" ? "without a code" : "code " + code, reason);
      code === "" ? socket.close() : socket.close(Number(code), reason);
    }
  }

  // tell shows one line of the server's feed: a frame, or a step that belongs to
  // the frame from the client at its offset.
  function tell(line) {
    if (line.type === "frame") frame(line);
    if (line.type === "transition") step(line);
    if (line.type === "lost") add(el("frames"), span(`${line.count} frames and steps were too many to tell`, "li"));
    el("frames-hint").hidden = el("frames").children.length > 0;
  }

  // payload shows the beginning of a frame's payload, which is what the server tells.
  function payload(line) {
    if (line.length === 0) return "payload  none";
    const bytes = parseHex(line.payload);
    const more = bytes.length < line.length ? " …" : "";
    const text = line.name === "text" ? "\n         " + new TextDecoder().decode(bytes) + more : "";
    return "payload  " + line.payload + more + text;
  }

  function frame(line) {
    const item = document.createElement("li");
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const flags = (line.final ? "FIN" : "not final") + (line.reserved ? " RSV " + line.reserved : "") + (line.masked ? ", masked" : "");
    summary.append(facts(
      span((line.direction === "in" ? "client → server " : "server → client ") + line.name, "b"),
      span(flags), span(octets(line.length))));
    details.append(summary, span("head     " + line.head + "\n" + payload(line), "pre"));
    const steps = document.createElement("ol");
    steps.className = "steps";
    details.append(steps);
    item.append(details);
    if (line.direction === "in") item.dataset.offset = line.offset;
    add(el("frames"), item);
  }

  function step(line) {
    const frames = Array.from(el("frames").children).reverse();
    const item = frames.find((f) => Number(f.dataset.offset) < line.offset);
    if (!item) return; // the opening handshake
    const text = document.createElement("li");
    text.append(span(line.machine + " ", "i"), `${line.from} `, span(`—${line.event}→`, "i"), ` ${line.to}`);
    if (line.action) text.append(span(" / ", "i"), line.action);
    item.querySelector(".steps").append(text);
  }

  el("base").textContent = base;
  el("connect").addEventListener("submit", connect);
  el("send").addEventListener("submit", send);
  el("close").addEventListener("submit", close);
  el("message").addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) send(e);
  });
  el("clear").addEventListener("click", () => {
    el("log").replaceChildren();
    el("frames").replaceChildren();
    el("log-hint").hidden = el("frames-hint").hidden = false;
  });
  state("closed", "Not connected");
})();
