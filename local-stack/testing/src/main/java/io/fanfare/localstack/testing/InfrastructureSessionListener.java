package io.fanfare.localstack.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Closes the shared broker and database when the last test class has run. */
public final class InfrastructureSessionListener implements LauncherSessionListener {

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    TestInfrastructure.close();
  }
}
