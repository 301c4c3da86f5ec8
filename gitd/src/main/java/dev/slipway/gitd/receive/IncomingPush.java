package dev.slipway.gitd.receive;

import dev.slipway.gitd.repo.Quarantine;
import dev.slipway.hooks.Push;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.PushHook;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.PushOutcome;
import dev.slipway.hooks.commit.History;
import dev.slipway.hooks.report.PushReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.UnpackException;
import org.eclipse.jgit.internal.submodule.SubmoduleValidator.SubmoduleValidationException;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PacketLineIn.InputOverLimitIOException;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.UnpackErrorHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One push on its way in: JGit's ReceivePack with the hook between storing and moving refs. */
final class IncomingPush {
  private static final Logger log = LoggerFactory.getLogger(IncomingPush.class);

  /** Bytes of commands, all of which are in memory: JGit's own default. */
  private static final int COMMANDS = 3 << 20;

  private final PushId id;
  private final Quarantine quarantine;
  private final Push.Pusher pusher;
  private final PackInput in;
  private final OutputStream out;
  private final OutputStream err;
  private final ClientPresence client;
  private final ReceiveLimits limits;
  private final Receiving receiving;
  private List<ReceiveCommand> commands = List.of();
  private @Nullable PushReport report;
  private @Nullable Throwable unpackError;

  IncomingPush(
      PushId id,
      Quarantine quarantine,
      Push.Pusher pusher,
      PackInput in,
      OutputStream out,
      OutputStream err,
      ClientPresence client,
      ReceiveLimits limits) {
    this.id = id;
    this.quarantine = quarantine;
    this.pusher = pusher;
    this.in = in;
    this.out = out;
    this.err = err;
    this.client = client;
    this.limits = limits;
    this.receiving = new Receiving();
  }

  /** What JGit keeps to its subclasses. */
  private final class Receiving extends ReceivePack {
    Receiving() {
      super(quarantine.repository());
    }

    @Override
    protected void receivePackAndCheckConnectivity()
        throws IOException, SubmoduleValidationException {
      in.beginStoring();
      quarantine.prepare();
      super.receivePackAndCheckConnectivity();
    }

    boolean fromShallowClone() {
      return !getClientShallowCommits().isEmpty();
    }
  }

  int run(PushHook hook) throws IOException {
    receiving.setCheckReceivedObjects(true);
    receiving.setObjectChecker(new ObjectChecker().setSafeForWindows(false));
    receiving.setMaxPackSizeLimit(limits.push().packBytes());
    receiving.setMaxObjectSizeLimit(limits.push().fileBytes());
    receiving.setMaxCommandBytes(COMMANDS);
    receiving.setAllowPushOptions(false);
    UnpackErrorHandler report = receiving.getUnpackErrorHandler();
    receiving.setUnpackErrorHandler(error -> explain(error, report));
    receiving.setPreReceiveHook((pack, commands) -> decide(commands, hook));
    try {
      receiving.receiveWithExceptionPropagation(in, out, err);
      return 0;
    } catch (UnpackException e) {
      // The client has been told already, see explain.
      return 1;
    } catch (InputOverLimitIOException e) {
      return refuse(
          "it moves more refs at once than this remote takes, some 25,000 (%d MiB of names and ids). Push some of them at a time."
              .formatted(COMMANDS >> 20));
    } catch (PackProtocolException e) {
      return refuse(
          "what was sent is not git's protocol (%s)."
              .formatted(String.join(" ", TerminalText.lines(String.valueOf(e.getMessage())))));
    }
  }

  /** Before git's protocol has come so far that it could carry a sentence. */
  private int refuse(String sentence) throws IOException {
    err.write((" !     Push rejected: " + sentence + "\n").getBytes(StandardCharsets.UTF_8));
    return 1;
  }

  /** Whether every ref is where the client wants it. */
  boolean moved() {
    return !commands.isEmpty()
        && commands.stream().allMatch(command -> command.getResult() == Result.OK);
  }

  /** What the client asked for, as far as it got to ask, with what became of each. */
  List<ReceiveCommand> commands() {
    return commands;
  }

  /** What became of it. */
  PushReport report() {
    if (report != null) {
      return report;
    }
    return PushReport.of(
        unpackError == null
            ? new PushOutcome.Rejected("Refused", "git refused one of its refs")
            : new PushOutcome.Rejected("NotStored", unpackError.toString()));
  }

  private void decide(Collection<ReceiveCommand> pending, PushHook hook) {
    commands = List.copyOf(receiving.getAllCommands());
    if (pending.size() < commands.size()) {
      pending.forEach(command -> reject(command, "another ref of this push was refused"));
      return;
    }
    Push push =
        new Push(
            id,
            pusher,
            commands.stream().map(IncomingPush::change).toList(),
            quarantine.repository());
    try (PushTerminal terminal = terminal()) {
      PushOutcome decided = ask(hook, push, terminal);
      try {
        switch (decided) {
          case PushOutcome.Deployed deployed -> moveRefs();
          case PushOutcome.Stored stored -> moveRefs();
          case PushOutcome.Rejected rejected -> rejectAll(RejectionReason.words(rejected.reason()));
          case PushOutcome.Cancelled cancelled -> rejectAll("push cancelled");
        }
      } finally {
        report = hook.postReceive(push, decided, moved());
      }
    }
  }

  /**
   * Moves all refs or none. JGit would do it after the pre-receive hook, one ref at a time when the
   * client did not ask for more, and tell the client before anybody else.
   */
  private void moveRefs() {
    try {
      quarantine.land(commands.stream().map(ReceiveCommand::getOldId).toList(), this::moveRefs);
    } catch (IOException e) {
      log.atError().setCause(e).log("refs could not be moved");
      rejectAll("the ref could not be written");
    }
  }

  private void moveRefs(Repository repository) throws IOException {
    BatchRefUpdate update = repository.getRefDatabase().newBatchUpdate();
    update.setAtomic(true);
    update.setAllowNonFastForwards(true);
    update.setRefLogIdent(new PersonIdent(pusher.name(), pusher.fingerprint()));
    update.setRefLogMessage("push", true);
    update.addCommand(commands);
    try (RevWalk walk = new RevWalk(repository)) {
      update.execute(walk, NullProgressMonitor.INSTANCE);
    }
  }

  private void rejectAll(String message) {
    commands.forEach(command -> reject(command, message));
  }

  private PushOutcome ask(PushHook hook, Push asked, PushTerminal terminal) {
    try {
      return client.interrupting(() -> hook.preReceive(asked, terminal));
    } catch (RuntimeException | Error e) {
      log.atError().addKeyValue("pusher", pusher.name()).setCause(e).log("hook failed");
      String sentence = "something failed inside gitd; its log says what. Push again to retry.";
      terminal.line(" !     Push rejected: " + sentence);
      return new PushOutcome.Rejected("InternalError", sentence);
    }
  }

  private PushTerminal terminal() {
    boolean sideBand = receiving.isSideBand();
    return new PushTerminal(
        sideBand ? out : err, sideBand, limits.keepAlive(), limits.drain(), client::gone);
  }

  private void explain(Throwable error, UnpackErrorHandler report) throws IOException {
    unpackError = error;
    commands = List.copyOf(receiving.getAllCommands());
    UnpackFailure failure = failure(error);
    try (PushTerminal terminal = terminal()) {
      terminal.line(" !     Push rejected: " + failure.sentence());
    }
    report.handleUnpackException(new IOException(failure.summary()));
  }

  private UnpackFailure failure(Throwable error) throws IOException {
    Optional<ObjectId> damaged =
        error instanceof MissingObjectException
            ? History.missing(quarantine.repository())
            : Optional.empty();
    return damaged
        .map(UnpackFailure::damaged)
        .orElseGet(() -> UnpackFailure.of(error, receiving.fromShallowClone(), limits.push()));
  }

  private static RefChange change(ReceiveCommand command) {
    return new RefChange(command.getRefName(), command.getOldId(), command.getNewId());
  }

  private static void reject(ReceiveCommand command, String message) {
    command.setResult(Result.REJECTED_OTHER_REASON, message);
  }
}
