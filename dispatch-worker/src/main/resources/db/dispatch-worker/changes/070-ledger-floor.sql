--liquibase formatted sql

--changeset fanfare:070-ledger-floor
create table ledger_floor (
  only_row  boolean primary key default true check (only_row),
  first_day date not null
);
comment on table ledger_floor is 'days before first_day were dropped and are never made again';
insert into ledger_floor (first_day) values ('2000-01-01');

--changeset fanfare:070-ledger-day splitStatements:false
-- Makes the partitions of a ledger day; null for a day that was dropped, which is not made again.
create or replace function ensure_ledger_day(day date) returns boolean language plpgsql as $$
declare
  suffix text := to_char(day, 'YYYYMMDD');
  kind text;
begin
  perform pg_advisory_xact_lock(hashtext('dispatch_worker.ledger_day'));
  if day < (select first_day from ledger_floor) then
    return null;
  end if;
  if to_regclass('result_' || suffix) is not null then
    return false;
  end if;
  foreach kind in array array['claim', 'result'] loop
    execute format('create table %I (like %I including defaults including comments)', kind || '_' || suffix, kind);
    execute format(
      'alter table %I attach partition %I for values from (%L) to (%L)', kind, kind || '_' || suffix, day, day + 1);
  end loop;
  return true;
end $$;
