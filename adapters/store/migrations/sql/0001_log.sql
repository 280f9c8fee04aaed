-- The log. Append-only: the application role may insert and read, never change.
CREATE TABLE stream_head (
    stream_id text PRIMARY KEY,
    version bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE event (
    stream_id text NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    type text NOT NULL,
    recorded_at timestamptz NOT NULL,
    envelope bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (stream_id, version)
);
CREATE INDEX event_recorded ON event (recorded_at);

CREATE TABLE event_side (
    stream_id text NOT NULL,
    version bigint NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    salt bytea NOT NULL,
    PRIMARY KEY (stream_id, version, field)
);

-- Committed events wait here for their number; order within a stream is the order of its versions.
CREATE TABLE unnumbered (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_id text NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE event_number (
    number bigint PRIMARY KEY,
    stream_id text NOT NULL,
    version bigint NOT NULL,
    UNIQUE (stream_id, version)
);

CREATE TABLE checkpoint (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    covers bigint NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);

-- A destruction is signed with the key of the checkpoints: who owns the database can not make one.
CREATE TABLE destruction (
    stream_id text NOT NULL,
    version bigint NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (stream_id, version)
);

-- The id in a stream name of this kind, NULL for other kinds: a plan may compute it before it filters on the kind.
CREATE FUNCTION id_in(stream text, kind text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN stream LIKE kind || ':%' THEN split_part(stream, ':', 2)::uuid END
$$;

-- Numbers are given to what is committed, by one caller at a time, without gaps; a number never changes.
CREATE FUNCTION assign_numbers(most integer DEFAULT 1000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(724001);
    SELECT coalesce(max(number), 0) INTO last FROM event_number;
    WITH taken AS (
        DELETE FROM unnumbered WHERE place IN (SELECT place FROM unnumbered ORDER BY place LIMIT most)
        RETURNING place, stream_id, version
    )
    INSERT INTO event_number (number, stream_id, version)
    SELECT last + row_number() OVER (ORDER BY place), stream_id, version FROM taken;
    SELECT coalesce(max(number), 0) INTO last FROM event_number;
    RETURN last;
END $$;

-- The one way to destroy texts: values and salts go, and the fact that says so is appended, in one statement.
-- `texts` are the `version/field` names in the fact; `fact` is the canonical envelope of `vernietigd`.
CREATE FUNCTION destroy_texts(of_stream text, texts text[], fact bytea, seal bytea) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head stream_head%ROWTYPE;
    said jsonb := convert_from(fact, 'UTF8')::jsonb;
    gone integer;
    link bytea;
BEGIN
    SELECT * INTO STRICT head FROM stream_head WHERE stream_id = of_stream FOR NO KEY UPDATE;
    IF said->>'stream_id' IS DISTINCT FROM of_stream
        OR (said->>'version')::bigint IS DISTINCT FROM head.version + 1
        OR said->'data'->>'type' IS DISTINCT FROM 'nl.incidenten.vernietigd'
        OR said->'data'->'destroyed' IS DISTINCT FROM to_jsonb(texts)
    THEN
        RAISE EXCEPTION 'the fact does not say what is destroyed' USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM event_side WHERE stream_id = of_stream AND version || '/' || field = ANY (texts);
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone <> cardinality(texts) THEN
        RAISE EXCEPTION 'not every text is there' USING ERRCODE = 'check_violation';
    END IF;
    link := sha256(head.hash || fact);
    INSERT INTO event (stream_id, version, event_id, type, recorded_at, envelope, previous, hash)
    VALUES (of_stream, head.version + 1, (said->>'event_id')::uuid, 'nl.incidenten.vernietigd',
        (said->>'recorded_at')::timestamptz, fact, head.hash, link);
    INSERT INTO destruction (stream_id, version, signature) VALUES (of_stream, head.version + 1, seal);
    INSERT INTO unnumbered (stream_id, version) VALUES (of_stream, head.version + 1);
    UPDATE stream_head SET version = head.version + 1, hash = link WHERE stream_id = of_stream;
    PERFORM pg_notify('events', of_stream);
    RETURN link;
END $$;

-- State: derived from the log, rebuilt by `driehoek rebuild`.
CREATE TABLE incident (
    incident_id uuid PRIMARY KEY,
    municipality text NOT NULL,
    number text NOT NULL UNIQUE,
    is_open boolean NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    version bigint NOT NULL,
    state jsonb NOT NULL
);
CREATE INDEX incident_open ON incident (municipality, opened_at) WHERE is_open;
CREATE INDEX incident_closed ON incident (municipality, closed_at) WHERE NOT is_open;

CREATE TABLE execution (
    execution_id uuid PRIMARY KEY,
    incident_id uuid NOT NULL,
    next_wake_at timestamptz,
    state jsonb NOT NULL
);
CREATE INDEX execution_incident ON execution (incident_id);
CREATE INDEX execution_wake ON execution (next_wake_at) WHERE next_wake_at IS NOT NULL;

-- Kept as long as an execution may go on: a new release brings other texts. Not derived, and not in the log.
CREATE TABLE playbook_definition (
    digest text PRIMARY KEY,
    texts text NOT NULL
);

CREATE TABLE task (
    task_key text PRIMARY KEY,
    execution_id uuid NOT NULL,
    organisation text NOT NULL,
    function text NOT NULL,
    is_open boolean NOT NULL,
    asked_at timestamptz NOT NULL,
    state jsonb NOT NULL
);
CREATE INDEX task_execution ON task (execution_id, asked_at);
CREATE INDEX task_owner ON task (organisation, function, is_open, asked_at DESC);

CREATE TABLE duty (
    incident_id uuid NOT NULL,
    obligation text NOT NULL,
    place integer NOT NULL,
    next_warning_at timestamptz,
    state jsonb NOT NULL,
    PRIMARY KEY (incident_id, obligation)
);
CREATE INDEX duty_warning ON duty (next_warning_at) WHERE next_warning_at IS NOT NULL;

CREATE TABLE correlation_key (
    rule text NOT NULL,
    key text NOT NULL,
    incident_id uuid NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (rule, key)
);
CREATE INDEX correlation_incident ON correlation_key (incident_id);

CREATE TABLE membership (
    incident_id uuid PRIMARY KEY,
    count bigint NOT NULL,
    first_at timestamptz,
    last_at timestamptz,
    digest text,
    rule jsonb,
    mentioned_at timestamptz
);
CREATE INDEX membership_pending ON membership (mentioned_at NULLS FIRST) WHERE count > 0;

CREATE TABLE incident_counter (year integer PRIMARY KEY, last bigint NOT NULL);

CREATE TABLE notice (
    key text PRIMARY KEY,
    organisation text NOT NULL,
    function text NOT NULL,
    urgent boolean NOT NULL,
    state jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    sent_at timestamptz,
    channel text,
    fault text
);
CREATE INDEX notice_due ON notice (due_at) WHERE sent_at IS NULL;
CREATE INDEX notice_reader ON notice (organisation, function, written_at DESC);

CREATE TABLE outbox (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key bytea,
    headers jsonb NOT NULL DEFAULT '{}',
    value bytea
);
-- What people wait for is found at once, however many announcements about signals stand before it.
CREATE INDEX outbox_urgent ON outbox (place) WHERE topic NOT LIKE '%.signals.%';

CREATE TABLE idempotency (
    key text PRIMARY KEY,
    answer text,
    at timestamptz NOT NULL
);
CREATE INDEX idempotency_age ON idempotency (at);

CREATE TABLE card (
    card_id text PRIMARY KEY,
    epoch integer NOT NULL,
    number bigint NOT NULL,
    state jsonb NOT NULL
);

CREATE TABLE relay_position (one boolean PRIMARY KEY DEFAULT true CHECK (one), number bigint NOT NULL);
INSERT INTO relay_position (number) VALUES (0);

CREATE TABLE epoch (one boolean PRIMARY KEY DEFAULT true CHECK (one), epoch integer NOT NULL);
INSERT INTO epoch (epoch) VALUES (1);

CREATE TABLE heartbeat (name text PRIMARY KEY, at timestamptz NOT NULL, detail jsonb NOT NULL DEFAULT '{}');

GRANT SELECT, INSERT ON event, event_side, unnumbered, checkpoint TO driehoek_app;
GRANT SELECT ON event_number, destruction, epoch TO driehoek_app;
GRANT SELECT, INSERT, UPDATE ON stream_head TO driehoek_app;
GRANT UPDATE ON epoch TO driehoek_app;
GRANT SELECT ON alembic_version TO driehoek_app;
GRANT SELECT, INSERT ON playbook_definition TO driehoek_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON incident, execution, task, duty, correlation_key, membership, incident_counter,
    notice, outbox, idempotency, card, relay_position, heartbeat TO driehoek_app;
REVOKE ALL ON FUNCTION assign_numbers(integer), destroy_texts(text, text[], bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION assign_numbers(integer), destroy_texts(text, text[], bytea, bytea) TO driehoek_app;
