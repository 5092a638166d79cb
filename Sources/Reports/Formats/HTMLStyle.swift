/// How the page looks: on a phone, in the dark, on paper.
enum HTMLStyle {
    static let sheet = """
        :root { color-scheme: light dark; \(ChartStyle.light)
          --paper: #ffffff; --card: #f6f8fa; --link: #0550ae; --good: #116329; --bad: #a40e26;
          --open: #7d4e00; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
        @media (prefers-color-scheme: dark) { :root { \(ChartStyle.dark)
          --paper: #0d1117; --card: #161b22; --link: #79b8ff; --good: #56d364; --bad: #ff7b72;
          --open: #e3b341; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.25rem 4rem; color: var(--ink);
          background: var(--paper); }
        header { border-bottom: 1px solid var(--hair); margin-bottom: 1.5rem; }
        h1 { font-size: 1.7rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
        h2 { font-size: 1.3rem; margin: 3rem 0 .5rem; letter-spacing: -.01em; }
        h3 { font-size: 1rem; margin: 2rem 0 .5rem; }
        h4 { font-size: .95rem; font-weight: 600; margin: 1.25rem 0 .25rem; color: var(--soft); }
        p { margin: .4rem 0 .8rem; max-width: 60rem; }
        a { color: var(--link); text-decoration: none; }
        a:hover { text-decoration: underline; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0;
          list-style: none; margin: .5rem 0 1rem; }
        .soft, figcaption { color: var(--soft); font-size: .875rem; }
        .scroll { overflow-x: auto; border: 1px solid var(--hair); border-radius: .5rem;
          margin: .75rem 0 1rem; }
        table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .9rem;
          font-variant-numeric: tabular-nums; }
        th, td { padding: .45rem .6rem; text-align: left; border-top: 1px solid var(--hair); }
        thead th { border-top: 0; background: var(--card); color: var(--soft); font-weight: 600;
          vertical-align: bottom; }
        tbody tr:target, tbody:target { background: var(--card); outline: 2px solid var(--link); }
        .number { text-align: right; }
        td.number { white-space: nowrap; }
        td.number a { color: inherit; }
        td.number a:hover { color: var(--link); }
        .mode { font-weight: 600; white-space: nowrap; }
        .verdict { font-weight: 600; min-width: 9rem; }
        .good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
        .warning { border-left: .25rem solid var(--open); padding: .5rem .9rem; font-weight: 600;
          background: var(--card); border-radius: 0 .5rem .5rem 0; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem;
          font-size: .875rem; margin: .75rem 0; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        pre { overflow-x: auto; background: var(--card); border: 1px solid var(--hair);
          border-radius: .5rem; padding: .75rem .9rem; font-size: .85rem; line-height: 1.5; }
        code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        .charts { display: grid; gap: 1rem;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); }
        figure { margin: 0; border: 1px solid var(--hair); border-radius: .5rem;
          padding: .75rem .75rem .25rem; }
        figure svg { display: block; width: 100%; height: auto; }
        figcaption { font-weight: 600; padding: 0 .25rem .4rem; }
        td.wide { width: 60%; }
        .bar { display: block; height: .7rem; border-radius: .2rem; background: var(--soft);
          print-color-adjust: exact; }
        \(arms)
        @media (max-width: 40rem) { body { padding: 1rem .75rem 3rem; } h1 { font-size: 1.4rem; }
          h2 { font-size: 1.15rem; margin-top: 2.25rem; } dl { grid-template-columns: 1fr; gap: 0; }
          dd { margin-bottom: .4rem; } th, td { padding: .4rem .55rem; white-space: nowrap; }
          thead th.number { white-space: normal; } tr > :first-child { position: sticky; left: 0;
          background: var(--paper); } thead tr > :first-child { background: var(--card); } }
        @media print { :root { color-scheme: light; \(ChartStyle.light) --paper: #fff;
          --card: #f6f8fa; font-size: 11px; } nav { display: none; } body { max-width: none;
          padding: 0; } .scroll { overflow: visible; border: 0; } table { font-size: .8rem; }
          figure, tr, dl, pre { break-inside: avoid; } h2, h3 { break-after: avoid; }
          .charts { grid-template-columns: repeat(2, 1fr); } pre { white-space: pre-wrap; }
          a { color: inherit; } }
        \(ChartStyle.rules)
        """

    private static let arms = ["none", "gc", "gcc", "gc2", "gcc2"].map { arm in
        ".bar.\(arm) { background: var(--\(arm)); } .mode.\(arm) { color: var(--\(arm)); }"
    }.joined(separator: "\n")
}
