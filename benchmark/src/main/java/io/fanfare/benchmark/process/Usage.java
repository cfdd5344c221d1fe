package io.fanfare.benchmark.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What processes have used, read from {@code /proc} (Linux; see proc(5)).
 *
 * @param cpuMicros CPU time in user and kernel mode, microseconds; ended children included
 * @param peakBytes the most memory a process had resident, bytes; summed over processes
 */
public record Usage(long cpuMicros, long peakBytes) {

  public static final Usage NONE = new Usage(0, 0);

  /** Jiffies are hundredths of a second on every Linux that matters. */
  private static final long MICROS_PER_JIFFY = 10_000;

  /** One process, and its children that have ended. */
  public static Usage of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name in the second field may hold blanks; what follows its bracket does not.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long jiffies = 0;
      for (int field = 11; field <= 14; field++) {
        jiffies += Long.parseLong(fields[field]);
      }
      return new Usage(jiffies * MICROS_PER_JIFFY, peak(pid));
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CPU time of this JVM's own children that have ended, microseconds. */
  public static long cpuMicrosOfEndedChildren() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * MICROS_PER_JIFFY;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A process and all its living descendants. */
  public static Usage ofTree(long pid) {
    Usage sum = of(pid);
    ProcessHandle root = ProcessHandle.of(pid).orElse(null);
    if (root == null) {
      return sum;
    }
    for (ProcessHandle child : root.descendants().toList()) {
      sum = sum.plus(of(child.pid()));
    }
    return sum;
  }

  private static long peak(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return 0;
  }

  public Usage plus(Usage other) {
    return new Usage(cpuMicros + other.cpuMicros, peakBytes + other.peakBytes);
  }

  /** The CPU time since an earlier reading, and the peak of this one. */
  public Usage since(Usage earlier) {
    return new Usage(cpuMicros - earlier.cpuMicros, peakBytes);
  }
}
