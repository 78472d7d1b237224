using System;
using System.Collections.Generic;
using System.Globalization;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>
/// A simulated network with its hosts, made from one seed. HAUKI_SEED sets the seed of every test that draws one,
/// HAUKI_SOAK multiplies the amount of work, HAUKI_TRACE says how many frames a failure prints.
/// </summary>
internal sealed class NetLab
{
    /// <summary>Two maximum segment lifetimes (RFC 9293, section 3.4.1), and a minute for all else.</summary>
    public const long AllIsForgotten = 5 * 60 * Second;

    public const long Second = 1_000_000_000;
    public const long Millisecond = 1_000_000;

    public NetLab(int seed, int hosts = 2, LinkScript? script = null, int mtu = 1500)
    {
        Seed = seed;
        Random = new Random(seed);
        Time = new SimulatedTime();
        Checker = new WireChecker();
        Wire = new SimulatedWire(Time, Random, Checker) { Script = script ?? new LinkScript() };
        for (int i = 0; i < hosts; i++)
        {
            _ = new SimulatedHost(Wire, i, Random.Next(), mtu: mtu);
        }
    }

    /// <summary>How much more is to be done than in the short run of every day.</summary>
    public static int Soak { get; } = ReadNumber("HAUKI_SOAK") ?? 1;

    /// <summary>The seed that was asked for.</summary>
    public static int? AskedSeed { get; } = ReadNumber("HAUKI_SEED");

    public int Seed { get; }

    public Random Random { get; }

    public SimulatedTime Time { get; }

    public WireChecker Checker { get; }

    public SimulatedWire Wire { get; }

    public IReadOnlyList<SimulatedHost> Hosts => Wire.Hosts;

    public SimulatedHost A => Hosts[0];

    public SimulatedHost B => Hosts[1];

    /// <summary>The seeds of a test: the asked one, or a row from <paramref name="first"/>.</summary>
    public static IEnumerable<int> Seeds(int first, int count)
    {
        if (AskedSeed is { } asked)
        {
            yield return asked;
            yield break;
        }

        for (int i = 0; i < count * Soak; i++)
        {
            yield return first + i;
        }
    }

    /// <summary>Runs something with every seed; a failure says which one it was.</summary>
    public static void ForSeeds(int first, int count, Action<int> run)
    {
        foreach (int seed in Seeds(first, count))
        {
            try
            {
                run(seed);
            }
            catch (Exception e)
            {
                throw new SimulationFaultException(
                    $"seed {seed} (HAUKI_SEED={seed} shows it again): {e.GetType().Name}: {e.Message}\n{e.StackTrace}");
            }
        }
    }

    /// <summary>Lets so many nanoseconds go by.</summary>
    public void Run(long nanoseconds) => Time.RunUntil(new Instant(Time.Now.Nanoseconds + nanoseconds));

    /// <summary>Runs until something is so.</summary>
    /// <returns>False if it was not so in time.</returns>
    public bool RunUntil(Func<bool> isSo, long nanoseconds)
    {
        Instant end = new(Time.Now.Nanoseconds + nanoseconds);
        while (!isSo())
        {
            if (!Time.Step(end))
            {
                Time.RunUntil(end);
                return isSo();
            }
        }

        return true;
    }

    /// <summary>Lets all hosts get to know each other over a perfect wire: ARP has but three tries.</summary>
    public void Introduce()
    {
        Wire.MakePerfect(true);
        foreach (SimulatedHost from in Hosts)
        {
            foreach (SimulatedHost to in Hosts)
            {
                if (to != from)
                {
                    UdpSocket? socket = from.Stack.Udp.Open(0, out _);
                    socket!.Send(new Endpoint(to.Ip, 9), [1], Time.Now);
                    from.Pump();
                    Run(10 * Millisecond);
                    socket.Close();
                }
            }
        }

        Wire.MakePerfect(false);
    }

    /// <summary>Fails with the last frames of the wire.</summary>
    public void Fail(string what) =>
        throw new SimulationFaultException(
            $"at {Time.Now.Nanoseconds / 1000} us: {what}\n{Wire.Describe()}\n{Checker.Report()}");

    /// <summary>Fails unless something is so.</summary>
    public void Require(bool isSo, string what)
    {
        if (!isSo)
        {
            Fail(what);
        }
    }

    /// <summary>Nothing may be left of conversations: no connection, no buffer, no timer of TCP.</summary>
    public void RequireClean()
    {
        Run(AllIsForgotten);
        foreach (SimulatedHost host in Hosts)
        {
            TcpLayer tcp = host.Stack.Tcp;
            Require(tcp.ConnectionCount == 0, $"{host.Name}: {tcp.ConnectionCount} connections are left");
            Require(tcp.BufferBytes == 0, $"{host.Name}: {tcp.BufferBytes} bytes of rings are left");
            Require(!tcp.TryGetNextDue(out Instant due), $"{host.Name}: a timer of TCP is left for {due.Nanoseconds}");
            Require(host.Stack.Ready.IsEmpty, $"{host.Name}: a socket is ready and nobody is told");
        }
    }

    /// <summary>A number from the environment.</summary>
    public static int? ReadNumber(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
}
