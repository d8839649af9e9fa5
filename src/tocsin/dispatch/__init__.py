"""The public house's second room: who asked to receive appeals, and the outbox from which they are sent."""
