/// The site's one script: search, filters and copying. Without it all pages can still be read.
///
/// It makes elements of text alone, never of markup.
enum SiteScript {
    static let javaScript = #"""
        (() => {
          "use strict";
          const root = document.documentElement.dataset.root;
          const entries = (window.eventCatalogue || []).map((parts) => {
            const [title, type, page, summary, owners, topic, flags, fields] = parts;
            return { title, type, page, summary, fields, flags, texts: [title, type, owners + " " + topic, summary,
              flags, fields].map((text) => text.toLowerCase()) };
          });

          function element(name, properties, ...children) {
            const made = Object.assign(document.createElement(name), properties);
            made.append(...children);
            return made;
          }

          // Every word must be somewhere; the nearer to the name it is, the better.
          function search(query) {
            const words = query.toLowerCase().split(/\s+/).filter(Boolean);
            if (!words.length) return [];
            const found = [];
            entries.forEach((entry, order) => {
              let score = 0;
              for (const word of words) {
                const place = entry.texts.findIndex((text) => text.includes(word));
                if (place < 0) return;
                score += place * 4;
                if (place === 0 && entry.texts[0].startsWith(word)) score -= 2;
                if (place <= 1 && (entry.texts[1] + ".").includes("." + word + ".")) score -= 1;
              }
              found.push({ entry, score, order });
            });
            found.sort((a, b) => a.score - b.score || a.order - b.order);
            return found.map((hit) => hit.entry);
          }

          // The field that matched, when nothing nearer did.
          function fieldFor(entry, query) {
            const words = query.toLowerCase().split(/\s+/).filter(Boolean);
            const hidden = words.find((word) => !entry.texts.slice(0, 5).some((text) => text.includes(word)));
            return hidden && entry.fields.split(" ").find((field) => field.toLowerCase().includes(hidden));
          }

          const form = document.querySelector(".search");
          const input = document.getElementById("Query");
          const list = document.getElementById("Hits");
          const count = document.getElementById("HitCount");
          const most = 12;
          let hits = [];
          let active = -1;

          function close() {
            list.hidden = true;
            active = -1;
            input.setAttribute("aria-expanded", "false");
            input.removeAttribute("aria-activedescendant");
          }

          function choose(index) {
            active = index;
            [...list.children].forEach((item, place) => {
              item.setAttribute("aria-selected", String(place === index));
              if (place === index) item.scrollIntoView({ block: "nearest" });
            });
            if (index < 0) input.removeAttribute("aria-activedescendant");
            else input.setAttribute("aria-activedescendant", list.children[index].id);
          }

          function open(index) {
            location.href = index < 0
              ? root + "search.html?q=" + encodeURIComponent(input.value.trim())
              : root + hits[index].page;
          }

          function show() {
            const query = input.value.trim();
            const all = search(query);
            hits = all.slice(0, most);
            list.replaceChildren(...hits.map((entry, index) => {
              const field = fieldFor(entry, query);
              const item = element("li", { id: "Hit" + index },
                element("strong", { textContent: entry.title }),
                element("span", { textContent: field ? "field " + field : entry.summary }));
              item.setAttribute("role", "option");
              item.setAttribute("aria-selected", "false");
              item.addEventListener("pointerdown", (event) => event.preventDefault());
              item.addEventListener("click", () => open(index));
              return item;
            }));
            count.textContent = !query ? "" : all.length === 1 ? "1 event" : all.length + " events";
            active = -1;
            input.removeAttribute("aria-activedescendant");
            list.hidden = hits.length === 0;
            input.setAttribute("aria-expanded", String(!list.hidden));
          }

          if (form && input && list) {
            form.hidden = false;
            input.addEventListener("input", show);
            input.addEventListener("focus", () => { if (input.value.trim()) show(); });
            input.addEventListener("blur", close);
            input.addEventListener("keydown", (event) => {
              if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                if (list.hidden) { show(); if (list.hidden) return; }
                event.preventDefault();
                const step = event.key === "ArrowDown" ? 1 : -1;
                // One place more than there are hits: the query itself.
                choose((active + 1 + step + hits.length + 1) % (hits.length + 1) - 1);
              } else if (event.key === "Escape") {
                if (list.hidden) input.value = "";
                close();
              }
            });
            form.addEventListener("submit", (event) => {
              event.preventDefault();
              // The only hit needs no choice.
              if (input.value.trim()) open(active < 0 && hits.length === 1 ? 0 : active);
            });
            document.addEventListener("keydown", (event) => {
              const target = event.target;
              if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
              if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
              event.preventDefault();
              input.focus();
              input.select();
            });
          }

          // The page with all that was found.
          const results = document.getElementById("Results");
          if (results) {
            const query = new URLSearchParams(location.search).get("q") || "";
            const found = search(query);
            input.value = query;
            document.getElementById("Found").textContent = !query ? "Type what you look for; / leads to the field."
              : (found.length === 1 ? "1 event" : found.length + " events") + " for “" + query + "”";
            results.append(...found.map((entry) => {
              const field = fieldFor(entry, query);
              return element("li", {},
                element("div", {},
                  element("a", { className: "title", href: root + entry.page, textContent: entry.title }),
                  element("br"),
                  element("code", { className: "type", textContent: entry.type })),
                element("p", { textContent: entry.summary + (field ? " (field " + field + ")" : "") }));
            }));
          }

          // The filters of a list: those that would show nothing are not offered.
          const filters = document.querySelector(".filters");
          if (filters) {
            const rows = [...document.querySelectorAll(".events > li")];
            const has = (row, flag) => !flag || row.dataset.is.split(" ").includes(flag);
            const buttons = [...filters.querySelectorAll("button")];
            for (const button of buttons) {
              const flag = button.dataset.filter;
              const size = rows.filter((row) => has(row, flag)).length;
              button.hidden = size === 0;
              button.append(" ", element("span", { className: "tally", textContent: String(size) }));
              button.addEventListener("click", () => {
                for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
                for (const row of rows) row.hidden = !has(row, flag);
                for (const group of document.querySelectorAll(".group")) {
                  group.hidden = ![...group.querySelectorAll(".events > li")].some((row) => !row.hidden);
                }
              });
            }
            filters.hidden = false;
          }

          if (navigator.clipboard) {
            const add = (place, text) => {
              const button = element("button", { type: "button", className: "copy", textContent: "Copy" });
              button.addEventListener("click", async () => {
                try {
                  await navigator.clipboard.writeText(text());
                  button.textContent = "Copied";
                } catch {
                  button.textContent = "Not allowed";
                }
                setTimeout(() => { button.textContent = "Copy"; }, 2000);
              });
              place.append(button);
            };
            for (const figure of document.querySelectorAll("figure")) {
              add(figure, () => figure.querySelector("pre").textContent);
            }
            for (const place of document.querySelectorAll("[data-copy]")) add(place, () => place.dataset.copy);
          }
        })();

        """#
}
