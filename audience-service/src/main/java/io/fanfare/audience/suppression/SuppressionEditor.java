package io.fanfare.audience.suppression;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.audience.contact.ContactWatcher;
import io.fanfare.audience.suppression.SuppressionPolicy.Entry;
import io.fanfare.audience.suppression.SuppressionRepository.Kept;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.engagement.AddressCheck;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Puts addresses on the suppression list and takes them off it, and tells the workers of the
 * contacts that have them, in the same transaction. Contacts are locked before rows of the list.
 */
@Service
public class SuppressionEditor implements ContactErasure, ContactWatcher {

  private static final String RESOURCE = "suppression";

  /**
   * What a message of a contact tells of the address it went to.
   *
   * @param addressCheck of that address; null where nobody knows it
   */
  public record Told(
      long contactId,
      Channel channel,
      SuppressionReason reason,
      String source,
      @Nullable String status,
      @Nullable String evidence,
      @Nullable Integer addressCheck) {}

  private final SuppressionRepository suppressions;
  private final AddressHashes hashes;
  private final HeldAddresses held;
  private final StandingOptOuts optOuts;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Clock clock;

  SuppressionEditor(
      SuppressionRepository suppressions,
      AddressHashes hashes,
      HeldAddresses held,
      StandingOptOuts optOuts,
      Outbox outbox,
      AuditTrail audit,
      Clock clock) {
    this.suppressions = suppressions;
    this.hashes = hashes;
    this.held = held;
    this.optOuts = optOuts;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  Suppression get(Identity who, UUID id) {
    return suppressions
        .find(who.tenant(), id)
        .orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  /** Entries by id; an address is found by its hash as well. */
  @Transactional(readOnly = true)
  List<Suppression> page(
      UUID tenantId,
      @Nullable Channel channel,
      @Nullable SuppressionReason reason,
      @Nullable String address,
      @Nullable UUID after,
      int limit) {
    List<byte[]> hashed = new ArrayList<>();
    if (address != null) {
      for (Channel each : List.of(Channel.EMAIL, Channel.TELEGRAM)) {
        hashed.addAll(hashes.all(new SuppressedAddress(each, address)));
      }
    }
    return suppressions.page(tenantId, channel, reason, address, hashed, after, limit);
  }

  /**
   * Puts addresses on the list; one that stands there already stays as it is.
   *
   * @return by address
   */
  @Transactional
  SortedMap<SuppressedAddress, Kept> add(Identity who, List<Entry> entries) {
    SortedMap<SuppressedAddress, Entry> byAddress = new TreeMap<>(SuppressedAddress.ORDER);
    entries.forEach(entry -> byAddress.putIfAbsent(entry.address(), entry));
    long[] contacts = suppressions.lockContacts(who.tenant(), byAddress.keySet());
    if (suppressions.anyHashed(who.tenant())) {
      uncover(who.tenant(), List.copyOf(byAddress.keySet()));
    }
    Instant now = now();
    SortedMap<SuppressedAddress, Kept> kept = new TreeMap<>(SuppressedAddress.ORDER);
    byAddress.forEach((address, entry) -> kept.put(address, keep(who, entry, now)));
    tell(who.tenant(), contacts, now);
    return kept;
  }

  private Kept keep(Identity who, Entry entry, Instant now) {
    Suppression added = suppressions.insert(who.tenant(), entry, who.actor(), now).orElse(null);
    if (added != null) {
      audit.record(who, "create", RESOURCE, added.id().toString(), null, about(added));
      return new Kept(added, true);
    }
    return new Kept(suppressions.find(who.tenant(), entry.address()).orElseThrow(), false);
  }

  /** Lifts a suppression: the address may be sent to again, unless something else forbids it. */
  @Transactional
  void lift(Identity who, UUID id) {
    Suppression suppression = get(who, id);
    long[] contacts =
        suppression.address() == null
            ? new long[0]
            : suppressions.lockContacts(
                who.tenant(),
                List.of(new SuppressedAddress(suppression.channel(), suppression.address())));
    if (!suppressions.delete(who.tenant(), id)) {
      throw ProblemException.notFound(RESOURCE, id);
    }
    audit.record(who, "delete", RESOURCE, id.toString(), about(suppression), null);
    tell(who.tenant(), contacts, now());
  }

  /**
   * Suppresses the addresses of contacts whose messages came back or were complained of. One whose
   * address was changed since is not what the message was sent to.
   */
  @Transactional
  public void suppress(UUID tenantId, List<Told> told) {
    List<Entry> entries = new ArrayList<>();
    for (Told each : told) {
      SuppressedAddress address = suppressions.address(tenantId, each.contactId(), each.channel());
      if (address != null
          && (each.addressCheck() == null
              || each.addressCheck() == AddressCheck.of(address.address()))) {
        entries.add(
            new Entry(
                address,
                each.reason(),
                each.source(),
                each.status(),
                each.evidence(),
                each.contactId()));
      }
    }
    if (!entries.isEmpty()) {
      add(Identity.system(tenantId), entries);
    }
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void written(UUID tenantId, long[] contactIds) {
    if (contactIds.length > 0 && suppressions.anyOf(tenantId)) {
      if (suppressions.anyHashed(tenantId)) {
        uncover(tenantId, suppressions.addresses(tenantId, contactIds));
      }
      tell(tenantId, contactIds, now());
    }
  }

  /** An address whose contact was erased is an address again once somebody has it. */
  private void uncover(UUID tenantId, List<SuppressedAddress> addresses) {
    addresses.stream()
        .sorted(SuppressedAddress.ORDER)
        .forEach(address -> suppressions.uncover(tenantId, address, hashes.all(address)));
  }

  /** The address goes on being held, but nobody can read it any more. */
  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    suppressions.forgetTold(who.tenant(), contactId);
    List<SuppressedAddress> addresses =
        suppressions.addresses(who.tenant(), new long[] {contactId});
    for (Suppression suppression : suppressions.onlyOf(who.tenant(), contactId, addresses)) {
      String address = suppression.address();
      byte[] hash =
          address == null
              ? null
              : hashes.newest(new SuppressedAddress(suppression.channel(), address));
      if (hash == null) {
        suppressions.delete(who.tenant(), suppression.id());
      } else {
        suppressions.cover(suppression.id(), hash);
      }
    }
  }

  /** Tells what holds for those of some contacts for whom it changed; their rows are locked. */
  private void tell(UUID tenantId, long[] contactIds, Instant now) {
    if (contactIds.length == 0) {
      return;
    }
    for (long contactId : suppressions.changed(tenantId, contactIds)) {
      List<ContactSuppression.Suppression> all =
          new ArrayList<>(optOuts.suppressions(tenantId, contactId));
      all.addAll(held.suppressions(tenantId, contactId));
      var suppression =
          new ContactSuppression(
              tenantId, contactId, suppressions.nextVersion(), List.copyOf(all), now);
      outbox.publish(Topics.CONTACT_SUPPRESSION, suppression.key(), suppression);
    }
  }

  // Neither the address nor what was said of it: the audit log outlives an erasure.
  private static Map<String, Object> about(Suppression suppression) {
    return Map.of("channel", suppression.channel().name(), "reason", suppression.reason().id());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
