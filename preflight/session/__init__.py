"""The session: arranges people and things on a target, plays cases, and gathers what comes of them into a run."""
