"""The report on a class as one HTML file: no script, no network; light, dark, and on paper."""

from html import escape

from ...pictures.palette import DARK, LIGHT, css_variables
from ...words import count
from .. import EXERCISES
from .one import RANK, SOLVED, TRIED
from .understood import about_class, by_student, lesson_of

STYLE = f"""
:root {{ {css_variables(LIGHT)} color-scheme: light; }}
@media screen and (prefers-color-scheme: dark) {{
  :root {{ {css_variables(DARK)} color-scheme: dark; }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 2rem auto; max-width: 64rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--tm-text); background: var(--tm-ground); }}
h1, h2, h3 {{ line-height: 1.2; }}
h2 {{ margin-top: 2.5rem; border-bottom: 1px solid var(--tm-line); }}
h3 {{ margin: 0 0 .3rem; font-family: ui-monospace, monospace; font-size: 1.05rem; }}
.muted, .task {{ color: var(--tm-muted); }}
.task {{ margin: 0 0 .6rem; }}
section.one {{ padding: 1rem 0; border-bottom: 1px solid var(--tm-line); }}
h2, h3, .task, .bar, .lead {{ break-after: avoid; }}
pre, tr {{ break-inside: avoid; }}
.bar {{ display: flex; height: .8rem; border: 1px solid var(--tm-strong-line); max-width: 30rem;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
.bar .solved {{ background: var(--tm-good); }}
.bar .tried {{ background: repeating-linear-gradient(45deg, var(--tm-bad) 0 4px,
  var(--tm-ground) 4px 6px); }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }}
th, td {{ padding: .25rem .6rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--tm-line); overflow-wrap: anywhere; }}
td.number, th.number {{ text-align: right; white-space: nowrap; }}
.wide {{ overflow-x: auto; }}
pre {{ margin: .3rem 0; padding: .6rem .8rem; overflow-x: auto; background: var(--tm-panel);
  border-left: 3px solid var(--tm-strong-line); font: .9rem/1.45 ui-monospace, monospace; }}
pre.said {{ white-space: pre-wrap; border-left-color: var(--tm-bad); }}
.together {{ white-space: nowrap; }}
@page {{ margin: 1.5cm; }}
@media print {{ body {{ margin: 0; padding: 0; max-width: none; font-size: 10pt; }}
  h2 {{ margin-top: 1.5rem; }} p {{ margin: .5rem 0; }}
  pre {{ white-space: pre-wrap; }} .wide {{ overflow: visible; }} }}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MOST = 12  # rows of the first table


def page(results, by_name=False):
    """The page, as text. by_name: predictions had the numbers of each student."""
    lessons, students = about_class(results), by_student(results)
    title = "What the class can do, and what it misunderstands"
    numbers = " Predictions asked each student with other numbers; the tasks have the lesson's."
    return "\n".join([
        '<!DOCTYPE html>', '<html lang="en">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title>", f"<style>{STYLE}</style>", "</head>", "<body>",
        f"<h1>{title}</h1>",
        f"<p>{count(len(students), 'student')}, {count(len(results), 'notebook')}. Code is shown "
        "without names, comments and texts. This file is local: it loads nothing, and nothing "
        f"leaves this machine.{numbers * by_name}</p>",
        misunderstood(lessons), *(lesson(name, exercises) for name, exercises in lessons.items()),
        table_of(students, results, list(lessons)), "</body>", "</html>", ""])


def misunderstood(lessons):
    """The mistakes that most students make, in all lessons."""
    found = sorted(((times, exercise.name, name) for exercises in lessons.values()
                    for exercise in exercises for name, times in exercise.mistakes),
                   key=lambda row: (-row[0], row[1], row[2]))
    if not found:
        return "<h2>Mistakes</h2>\n<p>No mistake that has a name was found.</p>"
    rows = [[escape(name), code(exercise), times] for times, exercise, name in found[:MOST]]
    more = f"<p class='muted'>The first {MOST} of {len(found)}.</p>" if len(found) > MOST else ""
    return "<h2>Mistakes, the most frequent first</h2>\n" + table(
        ["mistake", "in", "students"], rows, numbers={2}) + more


def lesson(name, exercises):
    """A lesson: each of its exercises."""
    return f"<h2>{escape(name)}</h2>\n" + "\n".join(map(section, exercises))


def section(one):
    """An exercise: how many solved it, its mistakes, and what to show in class."""
    of = sum(one.states.values())
    parts = "".join(f'<span class="{state.replace(" ", "-")}" style="width:'
                    f'{100 * one.states[state] / of:.4g}%"></span>' for state in RANK)
    told = ", ".join(f"{one.states[state]} {state}" for state in RANK)
    mistakes = " · ".join(f'<span class="together">{escape(name)} <b>{times}</b></span>'
                          for name, times in one.mistakes)
    unnamed = one.unnamed and shown(
        "No named mistake explains "
        f"{count(one.states[TRIED] - sum(times for _, times in one.mistakes), 'answer')}. The most "
        f"frequent ({count(one.unnamed.count, 'student')}):", one.unnamed)
    return "\n".join(filter(None, [
        '<section class="one">', f"<h3>{escape(one.name)}</h3>",
        f'<p class="task">{ticked(EXERCISES[one.name].task)}</p>',
        f'<div class="bar" role="img" aria-label="{told}">{parts}</div>', f"<p>{told}</p>",
        mistakes and f"<p>{mistakes}</p>",
        one.example and shown(f"To show in class, {escape(one.mistakes[0][0])} "
                              f"({count(one.example.count, 'student')}):", one.example),
        unnamed, "</section>"]))


def ticked(text):
    """A text in which `this` is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if k % 2 else part for k, part in enumerate(parts))


def shown(lead, wrong):
    """An answer as code, and the first wrong entry."""
    return (f"<p class='lead'>{lead}</p>\n<pre><code>{escape(wrong.code)}</code></pre>\n"
            f'<pre class="said">{escape(wrong.said)}</pre>')


def table_of(students, results, lessons):
    """A row for each student: how many solved in each lesson, and what went wrong."""
    notes = {}
    for one in results:
        if one["note"]:
            notes.setdefault(one["student"], []).append(one["note"])
    rows = []
    for student, own in students.items():
        cells = [escape(student)]
        for name in lessons:
            states = [row["state"] for key, row in own.items() if lesson_of(key) == name]
            cells.append(f"{states.count(SOLVED)} of {len(states)}" if states else "")
        total = [row["state"] for row in own.values()].count(SOLVED)
        rows.append([*cells, f"{total} of {len(own)}", escape("; ".join(notes.get(student, [])))])
    short = [escape(name.partition("_")[0]) for name in lessons]
    return "<h2>Students</h2>\n" + table(["student", *short, "all", "note"], rows,
                                         numbers=set(range(1, len(short) + 2)))


def code(text):
    return f"<code>{escape(text)}</code>"


def table(head, rows, numbers):
    """An HTML table; numbers: the columns that stand on the right."""
    def line(cells, tag):
        return "<tr>" + "".join(
            f"<{tag}{' class=number' if k in numbers else ''}>{cell}</{tag}>"
            for k, cell in enumerate(cells)) + "</tr>"

    body = "\n".join(line(row, "td") for row in rows)
    return (f'<div class="wide"><table>\n<thead>{line(head, "th")}</thead>\n'
            f"<tbody>\n{body}\n</tbody></table></div>")
