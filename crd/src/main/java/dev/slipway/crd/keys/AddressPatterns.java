package dev.slipway.crd.keys;

import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The value of a key's option {@code from}: addresses, networks such as {@code 10.0.0.0/8}, and
 * addresses with {@code *} and {@code ?}, each negated by a {@code !} in front (ssh_config(5),
 * PATTERNS). Names of hosts are refused: whoever owns an address writes its reverse name.
 */
public record AddressPatterns(String text, List<One> patterns) {
  private static final Pattern GLOB = Pattern.compile("[0-9.]*[*?][0-9.*?]*");
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");
  private static final String REFUSAL =
      "has an option \"from\" with something else than addresses, networks like 10.0.0.0/8 and patterns like 10.*";

  /** One of the list. */
  public sealed interface One {
    boolean negated();

    boolean matches(InetAddress address);
  }

  /**
   * @param bits how many of the address have to be the same
   */
  private record Network(boolean negated, InetAddress address, int bits) implements One {
    @Override
    public boolean matches(InetAddress other) {
      int size = address.getAddress().length * 8;
      return other.getAddress().length * 8 == size
          && number(address).xor(number(other)).shiftRight(size - bits).signum() == 0;
    }
  }

  private record Glob(boolean negated, String glob) implements One {
    @Override
    public boolean matches(InetAddress address) {
      return matches(address.getHostAddress());
    }

    /** Only the last star is ever tried again: a regular expression of many stars takes forever. */
    private boolean matches(String text) {
      int at = 0;
      int read = 0;
      int star = -1;
      int readAtStar = 0;
      while (read < text.length()) {
        char wanted = at < glob.length() ? glob.charAt(at) : '\0';
        if (wanted == '*') {
          star = at++;
          readAtStar = read;
        } else if (wanted == '?' || wanted == text.charAt(read)) {
          at++;
          read++;
        } else if (star >= 0) {
          at = star + 1;
          read = ++readAtStar;
        } else {
          return false;
        }
      }
      return glob.substring(at).chars().allMatch(c -> c == '*');
    }
  }

  static AddressPatterns parse(String text) throws UnusableKeyException {
    List<One> patterns = new ArrayList<>();
    for (String written : text.split(",", -1)) {
      boolean negated = written.startsWith("!");
      patterns.add(one(negated, negated ? written.substring(1) : written));
    }
    return new AddressPatterns(text, List.copyOf(patterns));
  }

  private static One one(boolean negated, String text) throws UnusableKeyException {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (GLOB.matcher(text).matches()) {
      return new Glob(negated, text);
    }
    if (!ADDRESS.matcher(address).matches()) {
      throw new UnusableKeyException(REFUSAL);
    }
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      int size = parsed.getAddress().length * 8;
      int bits = slash < 0 ? size : Integer.parseInt(text.substring(slash + 1));
      // As in sshd: bits after the network are a slip, and it is not known on which side.
      if (bits < 0 || bits > size || hasBitBelow(number(parsed), size - bits)) {
        throw new UnusableKeyException(REFUSAL);
      }
      return new Network(negated, parsed, bits);
    } catch (IllegalArgumentException e) {
      throw new UnusableKeyException(REFUSAL);
    }
  }

  private static boolean hasBitBelow(BigInteger number, int bit) {
    return number.signum() != 0 && number.getLowestSetBit() < bit;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  /** Whether one of them matches, and none of the negated ones. */
  boolean match(InetAddress address) {
    return patterns.stream().noneMatch(it -> it.negated() && it.matches(address))
        && patterns.stream().anyMatch(it -> !it.negated() && it.matches(address));
  }
}
