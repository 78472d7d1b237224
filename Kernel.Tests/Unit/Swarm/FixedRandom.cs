using System;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>Bytes that were chosen before: those given, or those of a seed.</summary>
internal sealed class FixedRandom : IRandomSource
{
    private readonly Random? random;
    private byte[] rest;

    public FixedRandom(int seed)
    {
        random = new Random(seed);
        rest = [];
    }

    public FixedRandom(byte[] bytes) => rest = bytes;

    public void Fill(Span<byte> into)
    {
        if (random is not null)
        {
            random.NextBytes(into);
            return;
        }

        rest.AsSpan(0, into.Length).CopyTo(into);
        rest = rest[into.Length..];
    }
}
