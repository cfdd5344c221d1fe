package io.fanfare.dispatch.loop;

import java.util.concurrent.atomic.AtomicInteger;

/** How many claims have no result yet. */
final class OpenClaims {

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  OpenClaims(int most) {
    this.most = most;
  }

  int room() {
    return most - open.get();
  }

  int most() {
    return most;
  }

  int count() {
    return open.get();
  }

  void opened(int claims) {
    open.addAndGet(claims);
  }

  void closed(int claims) {
    open.addAndGet(-claims);
  }
}
