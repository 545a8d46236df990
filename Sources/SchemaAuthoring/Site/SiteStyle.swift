/// The site's one style sheet.
enum SiteStyle {
    static let css = variables + frame + lists + event

    private static let variables = """
        :root {
          color-scheme: light dark;
          --paper: #fdfdfc; --raised: #f6f5f2; --line: #e5e2dc; --text: #211f1c; --muted: #68635b;
          --accent: #0b5a6b; --soft: #e4f0f2; --rose: #97264a; --rose-soft: #fae9ee; --amber: #775000;
          --amber-soft: #faf0da; --green: #2c6139; --green-soft: #e5f2e7;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
          --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #151618; --raised: #1d1f22; --line: #32353a; --text: #e9e6e1; --muted: #a5a097;
            --accent: #85cbd9; --soft: #16323a; --rose: #f3a8bc; --rose-soft: #3b1b26; --amber: #e8c27c;
            --amber-soft: #362a10; --green: #9bd0a6; --green-soft: #1a3220;
          }
        }

        """

    private static let frame = """
        * { box-sizing: border-box; }
        html { scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--paper); color: var(--text); font: 1rem/1.6 var(--sans);
          overflow-wrap: break-word;
        }
        a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
        a:hover { text-decoration-thickness: 2px; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
        main:focus { outline: none; }
        code, pre, kbd { font-family: var(--mono); font-size: .875em; font-variant-ligatures: none; }
        h1, h2, h3 { line-height: 1.25; text-wrap: balance; letter-spacing: -.012em; }
        h1 { font-size: clamp(1.75rem, 1.3rem + 2vw, 2.5rem); font-weight: 680; margin: 0 0 .5rem; }
        h2 { font-size: 1.3rem; font-weight: 640; margin: 0 0 .75rem; }
        h3 { font-size: 1rem; font-weight: 640; margin: 1.25rem 0 .5rem; }
        p { margin: 0 0 .75rem; max-width: 70ch; text-wrap: pretty; }
        .lead { font-size: 1.125rem; color: var(--muted); max-width: 60ch; }
        .faint { color: var(--muted); }
        .unseen {
          position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap;
        }
        .skip { position: absolute; left: 1rem; top: -5rem; z-index: 3; padding: .5rem 1rem; background: var(--paper); }
        .skip:focus { top: .5rem; }
        [hidden] { display: none !important; }

        .top {
          position: sticky; top: 0; z-index: 2; border-bottom: 1px solid var(--line);
          background: color-mix(in srgb, var(--paper) 94%, transparent); backdrop-filter: blur(8px);
        }
        .bar, main, .bottom { max-width: 76rem; margin: 0 auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
        .bar { display: flex; align-items: center; gap: .5rem 1.75rem; min-height: 3.75rem; }
        .brand { font-weight: 680; color: var(--text); text-decoration: none; letter-spacing: -.01em; }
        .bar nav { margin-left: auto; }
        .bar nav ul { display: flex; gap: 1.35rem; margin: 0; padding: 0; list-style: none; }
        .bar nav a {
          display: block; padding: .5rem 0; color: var(--muted); text-decoration: none; font-size: .9375rem;
          white-space: nowrap;
        }
        .bar nav a:hover { color: var(--text); }
        .bar nav a[aria-current] { color: var(--text); box-shadow: inset 0 -2px var(--accent); }
        main { padding-block: clamp(1.75rem, 5vw, 3.25rem) 4rem; min-height: 70vh; }
        .bottom { border-top: 1px solid var(--line); padding-block: 1.5rem 2.5rem; }
        .bottom p { margin: 0; color: var(--muted); font-size: .875rem; max-width: none; }

        .search { position: relative; flex: 0 1 22rem; min-width: 0; }
        .search input {
          width: 100%; height: 2.375rem; padding: 0 2.25rem 0 .8rem; border: 1px solid var(--line);
          border-radius: 8px; background: var(--raised); color: inherit; font: inherit; font-size: 1rem;
          appearance: none;
        }
        .search input::placeholder { color: var(--muted); opacity: 1; }
        .search input::-webkit-search-cancel-button { display: none; }
        .search input:focus { outline: 2px solid var(--accent); outline-offset: -1px; background: var(--paper); }
        .search kbd {
          position: absolute; right: .6rem; top: .55rem; padding: 0 .4rem; border: 1px solid var(--line);
          border-radius: 4px; color: var(--muted); line-height: 1.25rem; pointer-events: none;
        }
        .search:focus-within kbd { display: none; }
        #Hits {
          position: absolute; top: calc(100% + .4rem); left: 0; width: min(36rem, calc(100vw - 2rem));
          max-height: min(30rem, 75vh); overflow: auto; margin: 0; padding: .35rem; list-style: none;
          border: 1px solid var(--line); border-radius: 10px; background: var(--paper);
          box-shadow: 0 12px 32px rgb(0 0 0 / .16);
        }
        #Hits li { padding: .5rem .65rem; border-radius: 6px; cursor: pointer; line-height: 1.4; }
        #Hits li[aria-selected="true"], #Hits li:hover { background: var(--soft); }
        #Hits strong { font-weight: 600; }
        #Hits span { display: block; font-size: .8125rem; color: var(--muted); }
        @media (max-width: 60rem) {
          .top { position: relative; }
          html { scroll-padding-top: 1rem; }
          .bar { flex-wrap: wrap; padding-block: .75rem 0; }
          .search { position: static; flex: 1 1 12rem; }
          .search kbd { display: none; }
          .bar nav { flex: 1 0 100%; margin: 0; overflow-x: auto; scrollbar-width: none; }
          .bar nav ul { gap: clamp(.7rem, 3.2vw, 1.35rem); }
          .bar nav a { font-size: clamp(.8125rem, 3.4vw, .9375rem); }
          #Hits { left: 1rem; right: 1rem; top: 3.75rem; width: auto; }
        }

        """

    private static let lists = """
        .badge {
          display: inline-block; padding: 0 .5em; border-radius: 4px; background: var(--raised); color: var(--muted);
          font: 500 .75rem/1.35rem var(--sans); white-space: nowrap; vertical-align: .1em;
        }
        .badge.personal { background: var(--rose-soft); color: var(--rose); }
        .badge.draft, .badge.legacy, .badge.retired { background: var(--amber-soft); color: var(--amber); }
        .badge.key { background: var(--soft); color: var(--accent); }
        .count { color: var(--muted); font-weight: 400; font-size: .875em; font-variant-numeric: tabular-nums; }

        .jump ul, .filters { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.25rem 0; padding: 0; list-style: none; }
        .jump a, .filters button {
          display: block; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 999px;
          background: none; color: var(--text); font: inherit; font-size: .9375rem; text-decoration: none;
          cursor: pointer;
        }
        .jump a:hover { border-color: var(--accent); }
        .filters { gap: .25rem; margin-top: -.25rem; }
        .filters button { padding: .25rem .6rem; border-color: transparent; border-radius: 6px; color: var(--muted); }
        .filters button:hover { color: var(--text); }
        .filters button[aria-pressed="true"] { background: var(--soft); color: var(--accent); font-weight: 500; }
        .tally { font-size: .875em; font-variant-numeric: tabular-nums; }

        .group { margin-top: 3rem; }
        .group > h2 { margin-bottom: .25rem; overflow-wrap: anywhere; }
        .events { margin: .75rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
        .events > li {
          display: grid; grid-template-columns: minmax(0, 7fr) minmax(0, 5fr); gap: .25rem 2.5rem;
          padding: .85rem 0; border-bottom: 1px solid var(--line);
        }
        .events p { margin: 0; }
        .events p + p { margin-top: .5rem; }
        .title { font-weight: 600; color: var(--text); text-decoration: none; }
        .title:hover { color: var(--accent); text-decoration: underline; }
        .type { color: var(--text); font-size: .8125rem; overflow-wrap: anywhere; }
        .paths, .plain { margin: 0; padding: 0; list-style: none; }
        .paths { font-size: .9375rem; }
        .plain > li { padding: .6rem 0; border-bottom: 1px solid var(--line); }
        .plain p { margin: .15rem 0 0; }
        @media (max-width: 48rem) { .events > li { grid-template-columns: minmax(0, 1fr); } }

        """

    private static let event = """
        .event { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 4rem; }
        .crumbs { font-size: .9375rem; color: var(--muted); margin-bottom: .75rem; }
        .crumbs a { color: inherit; }
        .id { margin-bottom: 1rem; }
        .id .type { font-size: .9375rem; }
        .event .lead { color: var(--text); }
        .badges { display: flex; flex-wrap: wrap; gap: .4rem; }
        .notice {
          padding: .7rem 1rem; border-left: 3px solid var(--amber); border-radius: 0 6px 6px 0;
          background: var(--amber-soft); max-width: 44rem;
        }
        .contents ul {
          display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 1.25rem 0 0; padding: .35rem 0; list-style: none;
          border-block: 1px solid var(--line); font-size: .9375rem;
        }
        .contents a { display: block; padding: .3rem 0; text-decoration: none; }
        .body > section { margin-top: 2.75rem; }
        @media (min-width: 70rem) {
          .event { grid-template-columns: minmax(0, 1fr) 10rem; }
          .contents { grid-column: 2; grid-row: 1 / span 2; }
          .contents ul {
            position: sticky; top: 6rem; display: block; margin: 3rem 0 0; padding: .25rem 0 .25rem 1rem;
            border: 0; border-left: 1px solid var(--line);
          }
          .contents a { padding: .2rem 0; color: var(--muted); }
          .contents a:hover { color: var(--text); }
          .body { grid-column: 1; }
        }

        dl { margin: 0 0 1rem; }
        dl > div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0 1rem; padding: .4rem 0; }
        dl > div + div { border-top: 1px solid var(--line); }
        dt { color: var(--muted); font-size: .9375rem; }
        dd { margin: 0; overflow-wrap: anywhere; }
        .wire dt { font-family: var(--mono); font-size: .8125rem; line-height: 1.6rem; }
        @media (max-width: 34rem) {
          dl > div { grid-template-columns: minmax(0, 1fr); }
          dt { font-size: .8125rem; }
        }

        .fields { margin: 0; padding: 0; list-style: none; }
        .fields .fields { margin: .5rem 0 0 .15rem; padding-left: clamp(.9rem, 2.5vw, 1.5rem); border-left: 1px solid var(--line); }
        .fields > li { padding: .65rem 0; }
        .fields > li + li { border-top: 1px solid var(--line); }
        .fields .fields > li:last-child { padding-bottom: .1rem; }
        .fields > li:target > .field { background: var(--soft); box-shadow: 0 0 0 .3rem var(--soft); border-radius: 3px; }
        .fields p { margin: .1rem 0 0; color: var(--muted); }
        .name { font: 600 .9375rem/1.6 var(--mono); font-size: .9rem; color: var(--text); text-decoration: none; }
        .name:hover { text-decoration: underline; }
        .kind { font: .8125rem/1.6 var(--mono); color: var(--accent); margin: 0 .35rem; }
        .notes { font-size: .875rem; color: var(--muted); }

        figure { margin: 0 0 1.25rem; position: relative; }
        figcaption { padding: 0 5rem .35rem 0; color: var(--muted); font-size: .875rem; }
        pre {
          margin: 0; padding: 1rem 1.15rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px;
          background: var(--raised); line-height: 1.55; tab-size: 4;
        }
        pre code { font-size: .8125rem; }
        mark { background: var(--rose-soft); color: inherit; border-radius: 3px; padding: .05em .2em; }
        pre mark { padding: .05em 0; }
        .k { color: var(--accent); } .s { color: var(--green); } .n, .w { color: var(--amber); }
        .c { color: var(--muted); font-style: italic; }
        .copy {
          position: absolute; right: 0; top: -.15rem; padding: .1rem .6rem; border: 1px solid var(--line);
          border-radius: 6px; background: var(--paper); color: var(--muted); font: .8125rem/1.4rem var(--sans);
          cursor: pointer;
        }
        .copy:hover { color: var(--text); border-color: var(--accent); }
        .id .copy { position: static; margin-left: .5rem; }
        details { border: 1px solid var(--line); border-radius: 8px; margin-bottom: .75rem; }
        summary { padding: .6rem 1rem; cursor: pointer; font-weight: 500; }
        details[open] > summary { border-bottom: 1px solid var(--line); margin-bottom: .75rem; }
        details > :not(summary) { margin-inline: 1rem; }

        .versions { margin: 0; padding: 0; list-style: none; }
        .versions > li { padding-left: 1.25rem; border-left: 2px solid var(--line); padding-bottom: 1rem; }
        .versions > li:first-child { border-left-color: var(--accent); }
        .versions h3 { margin-top: 0; }
        .changes { margin: 0 0 .75rem; padding: 0; list-style: none; }
        .changes li { display: flex; gap: .6rem; padding: .15rem 0; max-width: 70ch; }
        .sign { font-family: var(--mono); font-weight: 700; color: var(--muted); }
        .changes code { overflow-wrap: anywhere; }
        .added .sign { color: var(--green); } .removed .sign { color: var(--rose); }
        .changed .sign { color: var(--amber); }

        @media print {
          .top, .contents, .copy, .filters, .jump { display: none; }
          details > * { display: block; }
          pre { white-space: pre-wrap; }
        }
        @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }

        """
}
