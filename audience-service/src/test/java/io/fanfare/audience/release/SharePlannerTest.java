package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.release.SharePlanner.Demand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharePlannerTest {

  @Test
  void aSmallBroadcastGetsAllItWantsBesideALargeOne() {
    UUID tenant = UUID.randomUUID();
    Demand large = demand(tenant, 1_000_000);
    Demand small = demand(tenant, 10);
    assertThat(SharePlanner.share(90, List.of(large, small), 1))
        .containsEntry(small.broadcastId(), 10)
        .containsEntry(large.broadcastId(), 80);
  }

  @Test
  void aBroadcastThatBeginsHasItsPartFirst() {
    UUID tenant = UUID.randomUUID();
    Demand large = demand(tenant, 1_000_000);
    Demand begins = new Demand(tenant, UUID.randomUUID(), 1_000, 45);
    assertThat(SharePlanner.share(8, List.of(large, begins), 1))
        .containsExactly(Map.entry(begins.broadcastId(), 8));
    assertThat(SharePlanner.share(65, List.of(large, begins), 1))
        .containsEntry(begins.broadcastId(), 55)
        .containsEntry(large.broadcastId(), 10);
  }

  @Test
  void aTenantWhoseBroadcastsBeginTakesNothingFromAnother() {
    Demand other = demand(UUID.randomUUID(), 1_000);
    UUID tenant = UUID.randomUUID();
    List<Demand> demands = new ArrayList<>(List.of(other));
    for (int i = 0; i < 9; i++) {
      demands.add(new Demand(tenant, UUID.randomUUID(), 1_000, 50));
    }
    assertThat(SharePlanner.share(180, demands, 7)).containsEntry(other.broadcastId(), 90);
  }

  @Test
  void tenantsShareBeforeBroadcastsDo() {
    UUID one = UUID.randomUUID();
    UUID many = UUID.randomUUID();
    List<Demand> demands = new ArrayList<>();
    demands.add(demand(one, 1_000));
    for (int i = 0; i < 9; i++) {
      demands.add(demand(many, 1_000));
    }
    Map<UUID, Integer> shares = SharePlanner.share(180, demands, 7);
    assertThat(shares.get(demands.getFirst().broadcastId())).isEqualTo(90);
    assertThat(shares.get(demands.getLast().broadcastId())).isEqualTo(10);
  }

  @Test
  void aTenantGetsNoMoreThanItsRateLeavesOverAllItsBroadcasts() {
    UUID slow = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    List<Demand> demands = List.of(demand(slow, 1_000), demand(slow, 1_000), demand(other, 1_000));
    Map<UUID, Integer> shares =
        SharePlanner.share(180, demands, 7, tenant -> tenant.equals(slow) ? 30 : 10_000);
    assertThat(shares.get(demands.get(0).broadcastId())).isEqualTo(15);
    assertThat(shares.get(demands.get(1).broadcastId())).isEqualTo(15);
    assertThat(shares.get(demands.get(2).broadcastId())).isEqualTo(150);
  }

  @Test
  void aSingleCommandOfCreditGoesToEachInTurn() {
    List<Demand> demands =
        List.of(
            demand(UUID.randomUUID(), 1_000_000),
            demand(UUID.randomUUID(), 500_000),
            demand(UUID.randomUUID(), 10));
    Map<UUID, Integer> served = new HashMap<>();
    for (long turn = 0; turn < 3_000; turn++) {
      SharePlanner.share(1, demands, turn).forEach((id, n) -> served.merge(id, n, Integer::sum));
    }
    assertThat(served.values()).hasSize(3).allMatch(n -> n > 800 && n < 1_200);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void isMaxMinFair(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<Demand> demands = demands(random);
      int credit = random.nextInt(200);
      Map<UUID, Integer> shares = SharePlanner.share(credit, demands, random.nextLong());
      long wanted = demands.stream().mapToLong(Demand::wanted).sum();
      long given = shares.values().stream().mapToInt(Integer::intValue).sum();
      assertThat(given).as("nothing is left over").isEqualTo(Math.min(credit, wanted));
      Map<UUID, List<Demand>> byTenant =
          demands.stream().collect(Collectors.groupingBy(Demand::tenantId));
      byTenant.values().forEach(ofTenant -> assertFair(ofTenant, shares));
      List<Demand> tenants =
          byTenant.entrySet().stream()
              .map(e ->
                  new Demand(
                      e.getKey(),
                      e.getKey(),
                      e.getValue().stream().mapToLong(Demand::wanted).sum(),
                      0))
              .toList();
      Map<UUID, Integer> ofTenants = new HashMap<>();
      demands.forEach(d ->
          ofTenants.merge(d.tenantId(), shares.getOrDefault(d.broadcastId(), 0), Integer::sum));
      assertFair(tenants, ofTenants);
    }
  }

  /** Whoever did not get all it wants got at least as much, but for one, as anybody else. */
  private static void assertFair(List<Demand> demands, Map<UUID, Integer> shares) {
    for (Demand hungry : demands) {
      int share = shares.getOrDefault(hungry.broadcastId(), 0);
      assertThat((long) share).isLessThanOrEqualTo(hungry.wanted());
      if (share < hungry.wanted()) {
        assertThat(demands)
            .allMatch(other -> shares.getOrDefault(other.broadcastId(), 0) <= share + 1);
      }
    }
  }

  /** Of a broadcast that has begun. */
  private static Demand demand(UUID tenant, long wanted) {
    return new Demand(tenant, UUID.randomUUID(), wanted, 0);
  }

  private static List<Demand> demands(Random random) {
    List<Demand> demands = new ArrayList<>();
    int tenants = 1 + random.nextInt(4);
    for (int tenant = 0; tenant < tenants; tenant++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      for (int i = random.nextInt(4); i >= 0; i--) {
        UUID broadcast = new UUID(random.nextLong(), random.nextLong());
        demands.add(new Demand(id, broadcast, random.nextInt(60), 0));
      }
    }
    return demands;
  }
}
