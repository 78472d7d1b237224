using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>What all simulations of a run have added up to.</summary>
internal static class Figures
{
    private static long segments;
    private static long retransmissions;
    private static long needless;

    /// <summary>Adds a finished simulation.</summary>
    public static void Add(WireChecker checker)
    {
        segments += checker.Segments;
        retransmissions += checker.Retransmissions;
        needless += checker.Needless;
    }

    /// <summary>Prints the sums.</summary>
    public static void Print() => TestContext.Progress.WriteLine(
        $"simulated: {segments} segments, {retransmissions} sent again, {needless} of them in vain");
}
