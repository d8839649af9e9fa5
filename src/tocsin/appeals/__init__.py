"""Appeals before they are public: drafts, language editions, gates, approvals, release. The room before the hatch."""
