package io.fanfare.audience.release;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.ToLongFunction;

/**
 * Shares a lane's credit, max-min fair over tenants and then over the broadcasts of each tenant: no
 * one gets less than an equal share unless it wants less, and nothing is left while somebody wants
 * more. What cannot be divided goes to different ones from turn to turn. Within a tenant a
 * broadcast that begins comes first, with what it may have so.
 */
final class SharePlanner {

  /**
   * What a broadcast could release on the lane now.
   *
   * @param first so many of those wanted before others of its tenant
   */
  record Demand(UUID tenantId, UUID broadcastId, long wanted, long first) {}

  private SharePlanner() {}

  /**
   * Shares a credit.
   *
   * @param turn another number each time; equal inputs give equal shares
   * @return what each broadcast may release; those with nothing are left out
   */
  static Map<UUID, Integer> share(int credit, List<Demand> demands, long turn) {
    return share(credit, demands, turn, tenant -> Long.MAX_VALUE);
  }

  /**
   * Shares a credit among tenants of which some may have no more than so much together.
   *
   * @param mostOfTenant what all broadcasts of a tenant may release
   */
  static Map<UUID, Integer> share(
      int credit, List<Demand> demands, long turn, ToLongFunction<UUID> mostOfTenant) {
    SplittableRandom random = new SplittableRandom(turn);
    Map<UUID, List<Demand>> byTenant = new LinkedHashMap<>();
    for (Demand demand : demands) {
      byTenant.computeIfAbsent(demand.tenantId(), any -> new ArrayList<>()).add(demand);
    }
    List<List<Demand>> tenants = List.copyOf(byTenant.values());
    int[] ofTenants =
        maxMin(
            credit,
            tenants.stream()
                .mapToLong(tenant ->
                    Math.min(sum(tenant), mostOfTenant.applyAsLong(tenant.getFirst().tenantId())))
                .toArray(),
            random);
    Map<UUID, Integer> shares = new LinkedHashMap<>();
    for (int i = 0; i < ofTenants.length; i++) {
      List<Demand> broadcasts = tenants.get(i);
      long[] first = broadcasts.stream().mapToLong(Demand::first).toArray();
      int[] begun = maxMin(ofTenants[i], first, random);
      long[] more = new long[begun.length];
      Arrays.setAll(more, j -> broadcasts.get(j).wanted() - begun[j]);
      int[] ofBroadcasts = maxMin(ofTenants[i] - Arrays.stream(begun).sum(), more, random);
      for (int j = 0; j < ofBroadcasts.length; j++) {
        int share = begun[j] + ofBroadcasts[j];
        if (share > 0) {
          shares.put(broadcasts.get(j).broadcastId(), share);
        }
      }
    }
    return shares;
  }

  private static long sum(List<Demand> demands) {
    return demands.stream().mapToLong(Demand::wanted).sum();
  }

  private static int[] maxMin(int total, long[] wanted, SplittableRandom random) {
    int[] shares = new int[wanted.length];
    int left = total;
    List<Integer> hungry = hungry(wanted, shares);
    while (left > 0 && !hungry.isEmpty()) {
      int each = left / hungry.size();
      if (each == 0) {
        giveOneEach(left, hungry, shares, random);
        return shares;
      }
      for (int i : hungry) {
        int more = (int) Math.min(each, wanted[i] - shares[i]);
        shares[i] += more;
        left -= more;
      }
      hungry = hungry(wanted, shares);
    }
    return shares;
  }

  private static void giveOneEach(
      int left, List<Integer> hungry, int[] shares, SplittableRandom random) {
    int[] order = hungry.stream().mapToInt(Integer::intValue).toArray();
    for (int k = 0; k < left; k++) {
      int chosen = k + random.nextInt(order.length - k);
      shares[order[chosen]]++;
      order[chosen] = order[k];
    }
  }

  private static List<Integer> hungry(long[] wanted, int[] shares) {
    List<Integer> hungry = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] > shares[i]) {
        hungry.add(i);
      }
    }
    return hungry;
  }
}
