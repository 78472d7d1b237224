using System;
using HaukiOS.Hardware;

namespace HaukiOS.Swarm;

/// <summary>How much a node does for peers that have not proved anything.</summary>
public sealed record HandshakeLimits
{
    /// <summary>Handshakes under way at the same time.</summary>
    public int HalfOpenMax { get; init; } = 32;

    /// <summary>Of those, how many may come from one address.</summary>
    public int PerSourceMax { get; init; } = 8;

    /// <summary>How long a handshake is left alone before it can be given up for a newer one.</summary>
    public int GraceMilliseconds { get; init; } = 1000;

    /// <summary>Scalar multiplications a second, over time. A responder needs three a handshake.</summary>
    public int WorkPerSecond { get; init; } = 60;

    /// <summary>Scalar multiplications at once, after a rest.</summary>
    public int WorkBurst { get; init; } = 12;
}

/// <summary>
/// Stands before the handshakes that strangers begin: bounds their number, gives no address all the places, and bounds
/// the computing they cost. When all places are taken, a newcomer gets that of the longest waiting handshake of
/// whichever address holds the most: a flood from one address pushes out itself. Pure; addresses are numbers.
/// </summary>
public sealed class HandshakeGate
{
    private readonly HandshakeLimits limits;
    private readonly Place[] places;
    private readonly long workNanoseconds;
    private readonly long burstNanoseconds;

    // All the work up to this moment has been spent. It trails the clock by the burst at most.
    private long spent;

    /// <summary>All places free, and the burst at hand.</summary>
    public HandshakeGate(HandshakeLimits limits)
    {
        this.limits = limits;
        places = new Place[limits.HalfOpenMax];
        workNanoseconds = 1_000_000_000 / limits.WorkPerSecond;
        burstNanoseconds = workNanoseconds * limits.WorkBurst;
        spent = long.MinValue / 2;
    }

    /// <summary>Handshakes under way.</summary>
    public int Count { get; private set; }

    /// <summary>Handshakes that were refused, or given up for another, since power-on.</summary>
    public int TurnedAway { get; private set; }

    /// <summary>When the next multiplication may be done, if none may be now.</summary>
    public Instant WorkDue => new(spent + workNanoseconds);

    /// <summary>A stranger begins a handshake.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="place">Its place, from 0 on, to be given back by <see cref="Leave"/>.</param>
    /// <param name="replaced">Was the place another's? That handshake has to be dropped now.</param>
    /// <returns>False if there is no place for it.</returns>
    public bool TryEnter(uint source, Instant now, out int place, out bool replaced)
    {
        replaced = false;
        place = -1;
        int own = CountOf(source);
        if (own >= limits.PerSourceMax)
        {
            place = LongestOf(source);
            place = HadItsTime(place, now) ? place : -1;
            replaced = place >= 0;
        }
        else if (Count == places.Length)
        {
            place = Replaceable(own, now);
            replaced = place >= 0;
        }
        else
        {
            place = FirstFree();
        }

        TurnedAway += place < 0 || replaced ? 1 : 0;
        if (place < 0)
        {
            return false;
        }

        Count += replaced ? 0 : 1;
        places[place] = new Place(true, source, now);
        return true;
    }

    /// <summary>The handshake has succeeded, failed or gone.</summary>
    public void Leave(int place)
    {
        if (places[place].IsTaken)
        {
            places[place] = default;
            Count--;
        }
    }

    /// <summary>May a multiplication be done now? If so, it is counted.</summary>
    public bool TryTakeWork(Instant now)
    {
        spent = Math.Max(spent, now.Nanoseconds - burstNanoseconds);
        if (spent + workNanoseconds > now.Nanoseconds)
        {
            return false;
        }

        spent += workNanoseconds;
        return true;
    }

    private int CountOf(uint source)
    {
        int count = 0;
        foreach (Place place in places)
        {
            count += place.IsTaken && place.Source == source ? 1 : 0;
        }

        return count;
    }

    private int FirstFree()
    {
        int place = 0;
        while (places[place].IsTaken)
        {
            place++;
        }

        return place;
    }

    // The longest waiting one of an address that has more than the newcomer would have; or of any, after its grace.
    private int Replaceable(int own, Instant now)
    {
        int best = 0, most = 0;
        for (int i = 0; i < places.Length; i++)
        {
            int count = CountOf(places[i].Source);
            if (count > most || (count == most && places[i].Since < places[best].Since))
            {
                best = i;
                most = count;
            }
        }

        return most > own + 1 || HadItsTime(best, now) ? best : -1;
    }

    private int LongestOf(uint source)
    {
        int longest = -1;
        for (int i = 0; i < places.Length; i++)
        {
            bool isIts = places[i].IsTaken && places[i].Source == source;
            if (isIts && (longest < 0 || places[i].Since < places[longest].Since))
            {
                longest = i;
            }
        }

        return longest;
    }

    private bool HadItsTime(int place, Instant now) =>
        now - places[place].Since >= limits.GraceMilliseconds * 1_000_000L;

    private readonly record struct Place(bool IsTaken, uint Source, Instant Since);
}
