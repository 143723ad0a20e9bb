"""The paper's seventeen claims on trial: evidence -> findings, by rules written before looking.

`dlfa.claims.listed` has the claims as data, `dlfa.claims.evidence` says what they can be judged
by, `dlfa.claims.rules` when a claim is supported or contradicted, `dlfa.claims.verdicts` judges.
"""
