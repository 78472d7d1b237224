using System;
using System.Collections.Generic;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>
/// A node without a console: a card, a stack and a loop of its own. Several of them, and simulated machines, share
/// one moment.
/// </summary>
internal sealed class NetworkNode : IClock, ICycleCounter
{
    private readonly Random random;
    private ulong cycles;
    private long nanoseconds;

    public NetworkNode(SimulatedCard? card, int seed = 1)
    {
        random = new Random(seed);
        Card = card;
        Entropy = new EntropyPool(this);
        Log = new KernelLog(this);
        Loop = new EventLoop(this);
        Service = new NetworkService(this, Entropy, Log, card);
        Service.Join(Loop);
    }

    public SimulatedCard? Card { get; }

    public EntropyPool Entropy { get; }

    public KernelLog Log { get; }

    public EventLoop Loop { get; }

    public NetworkService Service { get; }

    public NetworkStack Stack => Service.Stack;

    public Instant Now => new(nanoseconds += PassPerLook);

    /// <summary>Nanoseconds that pass whenever somebody looks at the clock.</summary>
    public long PassPerLook { get; set; }

    public ulong Read() => cycles += (ulong)random.Next(1000, 5000);

    /// <summary>Two nodes at one wire, 10.0.0.1/24 and 10.0.0.2/24.</summary>
    public static (NetworkNode, NetworkNode) Pair()
    {
        (SimulatedCard left, SimulatedCard right) = SimulatedCard.Pair();
        NetworkNode a = new(left, 1), b = new(right, 2);
        a.Use("10.0.0.1/24");
        b.Use("10.0.0.2/24");
        return (a, b);
    }

    public void Use(string settings)
    {
        if (!NetworkSettings.TryParse(settings, out NetworkSettings parsed, out string? problem))
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        Service.Apply(parsed, Now, probe: false);
    }

    /// <summary>Turns of the loop until nothing is to be done at this moment.</summary>
    public bool RunTurns()
    {
        const int many = 10_000;
        for (int i = 0; i < many; i++)
        {
            if (!Loop.RunOnce())
            {
                return i > 0;
            }
        }

        throw new InvalidOperationException("the loop does not come to rest");
    }

    /// <summary>Lives beside a simulated machine, in its time.</summary>
    public bool RunBeside(Instant now)
    {
        nanoseconds = Math.Max(nanoseconds, now.Nanoseconds);
        return RunTurns();
    }

    public void Pass(int milliseconds) => nanoseconds += milliseconds * 1_000_000L;

    public void PassMicroseconds(int microseconds) => nanoseconds += microseconds * 1000L;

    /// <summary>Lets all nodes run for a while, in steps of a millisecond, until something holds.</summary>
    /// <returns>Did it come to hold?</returns>
    public static bool Run(IReadOnlyList<NetworkNode> nodes, Func<bool> until, int milliseconds = 2000)
    {
        // The wire is as fast as the rounds in a millisecond allow: a full ring of frames in each.
        const int roundsMax = 4;
        for (int i = 0; i < milliseconds; i++)
        {
            bool worked = true;
            for (int round = 0; round < roundsMax && worked; round++)
            {
                worked = false;
                foreach (NetworkNode node in nodes)
                {
                    worked |= node.RunTurns();
                }
            }

            if (until())
            {
                return true;
            }

            foreach (NetworkNode node in nodes)
            {
                node.Pass(1);
            }
        }

        return false;
    }
}
