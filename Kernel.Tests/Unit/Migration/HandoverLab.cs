using System;
using HaukiOS.Hardware;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>The terms of one hand-over, as both sides have them after pairing.</summary>
internal static class HandoverLab
{
    public static readonly MacAddress SourceStation = new(0x5254_0000_0001);
    public static readonly MacAddress TargetStation = new(0x5254_0000_0002);

    /// <summary>The terms of hand-over number so and so.</summary>
    public static (HandoverTerms Source, HandoverTerms Target) Terms(int number = 1)
    {
        byte[] id = Secret(number, 1, HandoverTerms.IdLength);
        byte[] key = Secret(number, 2, 32);
        byte[] run = Secret(number, 3, HandoverTokens.Length);
        byte[] abort = Secret(number, 4, HandoverTokens.Length);
        byte[] runHash = new byte[HandoverTokens.Length];
        byte[] abortHash = new byte[HandoverTokens.Length];
        HandoverTokens.Hash(run, runHash);
        HandoverTokens.Hash(abort, abortHash);
        ulong session = (ulong)number + 100;
        return (
            HandoverTerms.ForSource(id, session, TargetStation, "the target's key", key, runHash, abortHash),
            HandoverTerms.ForTarget(id, session, SourceStation, "the source's key", key, run, abort));
    }

    private static byte[] Secret(int number, int what, int length)
    {
        byte[] bytes = new byte[length];
        new Random((number * 10) + what).NextBytes(bytes);
        return bytes;
    }
}
