-- Which mode this database serves: an exercise never writes in a live one, whatever the settings say.
CREATE TABLE instance_mode (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    mode text NOT NULL CHECK (mode IN ('live', 'oefening'))
);

GRANT SELECT ON instance_mode TO driehoek_app;
