"""The research question: what do image-text intermediate tasks do that text-only ones do not?"""

from dlfa.claims.evidence import Evidence
from dlfa.claims.findings import listed
from dlfa.results.claims import Finding, Saying

__all__ = ["research_question"]


def research_question(evidence: Evidence) -> Finding:
    """Say that the experiment is not run, and how much of it is there.

    Its records name their arm in ``settings["intermediate"]``; the rule that holds the arms against
    each other belongs to that experiment, and is to be written before its first record.
    """
    arms = evidence.arms
    if not arms:
        why = Saying(key="claims.why.not_run", params={"backbone": evidence.backbone})
    else:
        counted = listed([f"{arm} ({len(several)})" for arm, several in sorted(arms.items())])
        why = Saying(key="claims.why.arms", params={"arms": counted})
    return Finding(
        claim=0, verdict="not_run", why=(why,), backbone=evidence.backbone, recipe=evidence.recipe
    )
