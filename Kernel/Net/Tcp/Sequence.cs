namespace HaukiOS.Net;

/// <summary>
/// Sequence numbers live on a circle of 2^32 (RFC 9293, section 3.4): of two of them the earlier is the one from which
/// the other is reached by going less than half around. A subtraction and a look at the sign say which.
/// </summary>
internal static class Sequence
{
    /// <summary>a &lt; b.</summary>
    internal static bool IsBefore(uint a, uint b) => (int)(a - b) < 0;

    /// <summary>a &lt;= b.</summary>
    internal static bool IsNotAfter(uint a, uint b) => (int)(a - b) <= 0;

    /// <summary>a &gt; b.</summary>
    internal static bool IsAfter(uint a, uint b) => (int)(a - b) > 0;

    /// <summary>a &gt;= b.</summary>
    internal static bool IsNotBefore(uint a, uint b) => (int)(a - b) >= 0;

    /// <summary>The later of two.</summary>
    internal static uint Later(uint a, uint b) => (int)(a - b) >= 0 ? a : b;

    /// <summary>The earlier of two.</summary>
    internal static uint Earlier(uint a, uint b) => (int)(a - b) <= 0 ? a : b;
}
