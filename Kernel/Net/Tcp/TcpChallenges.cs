namespace HaukiOS.Net;

/// <summary>
/// How many challenges may be sent (RFC 5961, section 7): so many in a second for the whole stack, and one in half a
/// second for a connection. The number varies from second to second by the keyed hash, for a stranger who can count the
/// challenges that are left could tell by it what other connections do.
/// </summary>
internal sealed class TcpChallenges(TcpNumbers numbers)
{
    /// <summary>The fewest in a second.</summary>
    internal const int PerSecondMin = 64;

    /// <summary>Milliseconds between two of one connection.</summary>
    internal const int ConnectionInterval = 500;

    private const int Period = 1000;

    private uint began;
    private uint second;
    private int left;
    private bool isRunning;

    /// <summary>May one be sent now?</summary>
    internal bool TryTake(uint now)
    {
        if (!isRunning || now - began >= Period)
        {
            isRunning = true;
            began = now;
            second++;
            left = PerSecondMin + (int)(numbers.ChallengeVariation(second) % PerSecondMin);
        }

        if (left == 0)
        {
            return false;
        }

        left--;
        return true;
    }
}
