using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Tests.Unit.Net.Service;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>Two machines at one wire, in one time: a node on the first, the second stands by.</summary>
internal sealed class MoveLab : IDisposable
{
    private const int StepMicroseconds = 50;

    public MoveLab(
        int sourceMebibytes = 16, int targetMebibytes = 16, IBlockDevice? from = null, IBlockDevice? to = null)
    {
        (NetworkNode left, NetworkNode right) = NetworkNode.Pair();
        Source = new MoveMachine(left, sourceMebibytes, from);
        Target = new MoveMachine(right, targetMebibytes, to);
        Source.WhileStopped = () =>
        {
            Pass();
            WhileStopped?.Invoke();
            Target.Run();
        };

        // Until the addresses are in use and both pools are ready.
        RunUntil(() => false, 3000);
    }

    public MoveMachine Source { get; }

    public MoveMachine Target { get; }

    /// <summary>Runs at every step of the stopped phase.</summary>
    public Action? WhileStopped { get; set; }

    /// <summary>Runs at every step before it: what the node does meanwhile.</summary>
    public Action? Work { get; set; }

    /// <summary>Both machines run until something holds, or so much time has passed.</summary>
    /// <returns>Did it come to hold?</returns>
    public bool RunUntil(Func<bool> until, int milliseconds = 20_000)
    {
        for (long i = 0; i < milliseconds * 1000L / StepMicroseconds; i++)
        {
            Work?.Invoke();
            Source.Run();
            Target.Run();
            if (until())
            {
                return true;
            }

            Pass();
        }

        return false;
    }

    /// <summary>The second machine stands by, and the first one's operator types its code.</summary>
    /// <returns>Null when the move has begun; otherwise why it did not.</returns>
    public string? Begin(int downtimeMs = 30)
    {
        string? problem = Target.Teleporter.StandBy(out string? code, Target.Node.Now);
        return problem ?? Source.Teleporter.Begin(
            new MoveOrder(Net.Ipv4AddressOf("10.0.0.2"), code) { DowntimeMs = downtimeMs }, Source.Node.Now);
    }

    /// <summary>Maps pages at the source and fills them from a seed.</summary>
    public void Fill(uint first, int pages, int seed, PageFlags flags = PageFlags.Writable)
    {
        var random = new Random(seed);
        for (uint i = 0; i < pages; i++)
        {
            uint address = first + (i * AddressMap.PageSize);
            Source.Block.Map(address, flags);
            random.NextBytes(Source.Block.Page(address));
        }
    }

    /// <summary>Does the landed node have exactly the source's pages?</summary>
    /// <returns>Null if it does; otherwise the first difference.</returns>
    public unsafe string? Compare()
    {
        for (ulong at = AddressMap.Migratable; at < AddressMap.MigratableEnd; at += AddressMap.PageSize)
        {
            uint address = (uint)at;
            bool isThere = Source.Block.IsMapped(address);
            bool isHere = Target.Landed!.Directory.TryTranslate(address, out uint frame, out PageFlags flags);
            if (isThere != isHere)
            {
                return $"0x{address:x8}: {(isThere ? "missing" : "too much")}";
            }

            if (!isThere)
            {
                continue;
            }

            var landed = new ReadOnlySpan<byte>(Target.Physical + frame, (int)AddressMap.PageSize);
            if (!landed.SequenceEqual(Source.Block.Page(address)))
            {
                return $"0x{address:x8}: other contents";
            }

            if (((flags ^ Source.Block.FlagsOf(address)) & PageFlags.Writable) != 0)
            {
                return $"0x{address:x8}: other rights";
            }
        }

        return null;
    }

    public void Dispose()
    {
        Source.Dispose();
        Target.Dispose();
    }

    private void Pass()
    {
        Source.Node.PassMicroseconds(StepMicroseconds);
        Target.Node.PassMicroseconds(StepMicroseconds);
    }

    private static class Net
    {
        public static HaukiOS.Net.Ipv4Address Ipv4AddressOf(string text) =>
            HaukiOS.Net.Ipv4Address.TryParse(text, out HaukiOS.Net.Ipv4Address address)
                ? address
                : throw new ArgumentException(text, nameof(text));
    }
}
