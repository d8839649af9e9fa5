-- What the receiver of mail may do in PostgreSQL, and nothing else: put in mail that it cannot read again.
-- Run as the owner of the tables, after each upgrade:  psql -f postgresql-receiver-role.sql DATABASE
-- The role has to be there:  CREATE ROLE tocsin_receiver LOGIN PASSWORD '…' NOSUPERUSER NOCREATEDB NOCREATEROLE;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM tocsin_receiver;
GRANT USAGE ON SCHEMA public TO tocsin_receiver;
GRANT SELECT ON vault_holder, replies_inboxkey TO tocsin_receiver;
GRANT INSERT, SELECT (digest) ON replies_rawmessage TO tocsin_receiver;
GRANT SELECT, INSERT, UPDATE ON replies_arrivals TO tocsin_receiver;
GRANT INSERT, SELECT (asked_at) ON acknowledging_acknowledgement TO tocsin_receiver;
