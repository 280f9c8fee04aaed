-- Roles and database of one mode, by an administrator of the server: psql -v mode=live -v owner=… -v app=… -f roles.sql
-- `owner` and `app` are the passwords. The application role gets its rights from `driehoek migrate`: no DDL, and no
-- UPDATE, DELETE or TRUNCATE on the log. An exercise that may connect to another database of Driehoek refuses to start.
SELECT 'CREATE ROLE driehoek_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'driehoek_app') \gexec
ALTER ROLE driehoek_app PASSWORD :'app';
SELECT format('CREATE ROLE %I LOGIN', 'driehoek_owner_' || :'mode')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'driehoek_owner_' || :'mode') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', 'driehoek_owner_' || :'mode', :'owner') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', 'driehoek_' || :'mode', 'driehoek_owner_' || :'mode') \gexec
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', 'driehoek_' || :'mode') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO driehoek_app', 'driehoek_' || :'mode') \gexec
