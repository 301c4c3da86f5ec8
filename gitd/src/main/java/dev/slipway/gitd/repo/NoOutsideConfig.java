package dev.slipway.gitd.repo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/** Keeps the git configuration of the machine and of its user away from the Remote's repository. */
public final class NoOutsideConfig extends SystemReader.Delegate {
  private NoOutsideConfig(SystemReader real) {
    super(real);
  }

  /** Makes it so for the whole process. */
  public static void install() {
    SystemReader.setInstance(new NoOutsideConfig(SystemReader.getInstance()));
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public @Nullable String getenv(String variable) {
    return variable.startsWith("GIT_") ? null : super.getenv(variable);
  }

  /** A configuration that is never written and holds one thing, which JGit would try out. */
  private static final class Nothing extends FileBasedConfig {
    /** What JGit takes for file systems that it knows nothing about. */
    private static final Duration COARSEST_FILE_TIMES = Duration.ofSeconds(2);

    Nothing(Config parent, FS fs) {
      super(parent, null, fs);
    }

    /**
     * JGit would measure how exact the times of files are, which keeps the first client of a
     * process waiting for three seconds.
     */
    @Override
    public long getTimeUnit(
        String section, @Nullable String subsection, String name, long undefined, TimeUnit unit) {
      return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
              && name.equals(ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION)
          ? unit.convert(COARSEST_FILE_TIMES)
          : super.getTimeUnit(section, subsection, name, undefined, unit);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
