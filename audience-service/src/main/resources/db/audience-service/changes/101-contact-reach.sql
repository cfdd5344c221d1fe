--liquibase formatted sql

--changeset fanfare:101-opted-out-function splitStatements:false
-- The bits of the opt-outs of all messages: 1 of every channel, 2 of e-mail, 4 of Telegram; one for each row there may be
-- of a contact, so that a row that comes sets its own and a row that goes clears it. Rows are written with the
-- contact's row locked (020), and never updated.
create function keep_opted_out() returns trigger language plpgsql as $$
begin
  update contact c
  set opted_out = case tg_op when 'INSERT' then c.opted_out | o.bits else c.opted_out & ~o.bits end
  from (
    select contact_id, bit_or(case channel when '*' then 1 when 'email' then 2 else 4 end) as bits
    from changed where category = '*' group by contact_id
  ) o
  where c.id = o.contact_id;
  return null;
end $$;

--changeset fanfare:101-contact-opted-out
alter table contact add column opted_out int not null default 0;
update contact c set opted_out = o.bits
from (
  select contact_id, bit_or(case channel when '*' then 1 when 'email' then 2 else 4 end) as bits
  from opt_out where category = '*' group by contact_id
) o
where c.id = o.contact_id;
create trigger opted_out_kept after insert on opt_out
  referencing new table as changed for each statement execute function keep_opted_out();
create trigger opted_in_kept after delete on opt_out
  referencing old table as changed for each statement execute function keep_opted_out();

--changeset fanfare:101-contact-reach
-- Where a contact can be reached, as it has an address and has not opted out there: 1 by e-mail, 2 by Telegram.
alter table contact add column reach int generated always as (
  case when email is not null and opted_out & 3 = 0 then 1 else 0 end
  + case when telegram_chat_id is not null and opted_out & 5 = 0 then 2 else 0 end) stored;
-- Whoever is reachable is counted from these alone.
drop index contact_page;
create index contact_page on contact (tenant_id, id) include (reach);
drop index contact_country;
create index contact_country on contact (tenant_id, country, lower(language)) include (id, language, reach);
-- Counts from indexes alone want vacuumed pages; a fiftieth of the contacts changed makes too many that are not.
alter table contact set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
