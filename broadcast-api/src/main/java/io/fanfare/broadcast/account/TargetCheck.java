package io.fanfare.broadcast.account;

import io.fanfare.support.TargetPolicy;
import io.fanfare.support.problem.ProblemException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Resolves where an account leads and refuses what is not on the public Internet. The worker checks
 * again when it connects, since a name may resolve to something else by then.
 */
@Component
class TargetCheck {

  private final boolean privateAllowed;

  /**
   * @param privateAllowed whether accounts may lead anywhere, without encryption as well: for a
   *     local stack, whose providers are simulated on this machine
   */
  TargetCheck(@Value("${fanfare.allow-private-targets:false}") boolean privateAllowed) {
    this.privateAllowed = privateAllowed;
  }

  /**
   * @throws ProblemException 422 when the target is not allowed
   */
  void check(AccountPlan.Target target) {
    if (privateAllowed) {
      return;
    }
    if (!target.encrypted()) {
      throw ProblemException.invalid(
          target.pointer(), "needs an encrypted connection: https, starttls or tls");
    }
    if (!TargetPolicy.allows(resolve(target))) {
      throw ProblemException.invalid(
          target.pointer(), "leads to an address that is not on the public Internet");
    }
  }

  private static List<InetAddress> resolve(AccountPlan.Target target) {
    try {
      return List.of(InetAddress.getAllByName(target.host()));
    } catch (UnknownHostException e) {
      throw ProblemException.invalid(target.pointer(), "cannot be resolved");
    }
  }
}
