using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HaukiOS.Host.Emulator;

/// <summary>The figures that the console's <c>mem</c> prints, as far as campaigns watch them.</summary>
/// <param name="LiveKibibytes">Alive in the collector's heap.</param>
/// <param name="HeapKibibytes">Committed to the collector's heap.</param>
/// <param name="Collections">Collections so far.</param>
/// <param name="FreeKibibytes">Page frames that nobody holds.</param>
public readonly partial record struct MemoryFigures(
    double LiveKibibytes, double HeapKibibytes, long Collections, double FreeKibibytes)
{
    /// <summary>Asks the machine.</summary>
    public static MemoryFigures Read(ConsoleDriver console)
    {
        var text = console.Command("mem");
        return new MemoryFigures(
            Figure(Live(), text), Figure(Heap(), text), (long)Figure(Count(), text), Figure(Free(), text));
    }

    [GeneratedRegex("([0-9.]+) ?(KiB|MiB|GiB|bytes|B) (are )?live")]
    private static partial Regex Live();

    [GeneratedRegex("heap:? +([0-9.]+) ?(KiB|MiB|GiB|bytes|B)")]
    private static partial Regex Heap();

    [GeneratedRegex("([0-9.]+) ?(KiB|MiB|GiB|bytes|B) free")]
    private static partial Regex Free();

    [GeneratedRegex("([0-9]+) collections?()")]
    private static partial Regex Count();

    private static double Figure(Regex pattern, string text)
    {
        var match = pattern.Match(text);
        if (!match.Success)
        {
            throw new EmulatorException($"'mem' does not say what {pattern} looks for:\n{text}");
        }

        var value = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "GiB" => value * 1024 * 1024,
            "MiB" => value * 1024,
            "bytes" or "B" => value / 1024,
            _ => value,
        };
    }
}
