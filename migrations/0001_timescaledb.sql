-- TimescaleDB, where the server has it loaded. Everything after this works without it on plain tables; only the
-- dropping of old positions is slower then. The server says so once when it starts.
DO $$
BEGIN
    IF current_setting('shared_preload_libraries') LIKE '%timescaledb%' THEN
        CREATE EXTENSION IF NOT EXISTS timescaledb;
    END IF;
END
$$;
