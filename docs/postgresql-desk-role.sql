-- A role for the desk and its workers on the main database: it does all that people do there, and the journal takes
-- entries from it and nothing else. It can neither change nor remove one, nor take away the triggers that forbid it.
--
-- Once, by whoever runs the server:
--   CREATE ROLE tocsin_desk LOGIN PASSWORD '...' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- After `tocsin site init`, and again after each `tocsin site upgrade` and `restore`, by the role that owns the tables:
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f postgresql-desk-role.sql
-- Then the desk gets this role in its database_url; init, upgrade and restore are run with the owner's.

BEGIN;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tocsin_desk;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM tocsin_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tocsin_desk;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO tocsin_desk;
REVOKE UPDATE, DELETE ON journal_entry, journal_anchor FROM tocsin_desk;
REVOKE INSERT, DELETE ON journal_head FROM tocsin_desk;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM tocsin_desk;
COMMIT;
