"""Quantiles and the Markdown table of the report: no clock, no database."""

from dataclasses import dataclass, field


@dataclass
class Serie:
    """Durations of one step in milliseconds, and the numbers of SQL queries seen."""

    nom: str
    durees: list[float] = field(default_factory=list)
    requetes: set[int] = field(default_factory=set)

    def quantile(self, q: float) -> float:
        ordonnees = sorted(self.durees)
        return ordonnees[min(int(len(ordonnees) * q), len(ordonnees) - 1)]


def tableau(series: list[Serie]) -> str:
    lignes = [
        "| step | n | p50 ms | p95 ms | p99 ms | SQL queries |",
        "|---|---|---|---|---|---|",
    ]
    for s in series:
        p50, p95, p99 = (s.quantile(q) for q in (0.5, 0.95, 0.99))
        requetes = (
            "–".join(str(n) for n in sorted({min(s.requetes), max(s.requetes)}))
            if (s.requetes)
            else ""
        )
        lignes.append(
            f"| {s.nom} | {len(s.durees)} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {requetes} |"
        )
    return "\n".join(lignes)
