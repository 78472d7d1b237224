using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace HaukiOS.Host.Switch;

/// <summary>One line of a script.</summary>
/// <param name="At">When, since the start of the switch.</param>
/// <param name="Apply">What it does to the switch.</param>
/// <param name="Ports">The ports it speaks of.</param>
/// <param name="Line">Its place in the text, from 1.</param>
public sealed record FaultStep(TimeSpan At, Action<SwitchFabric> Apply, IReadOnlyList<string> Ports, int Line);

/// <summary>
/// What goes wrong, and when, as a text of lines in the order of time:
/// <code>
/// # moment [wire] faults
/// 0s     loss 5% delay 20ms jitter 5ms      on every wire
/// 2s     a>b corrupt 0.1%                   on the way from a to b
/// 2s     b&lt;>tap rate 10Mbit queue 50        both ways
/// 10s    partition a,b | c                  a and b do not hear c; ports that are not named hear everybody
/// 20s    heal                               no partition
/// 30s    clear                              no faults at all
/// </code>
/// A line sets the faults of its wires anew: what it does not name is off. <c>*</c> in a wire means every port.
/// Faults: <c>loss</c>, <c>duplicate</c>, <c>corrupt</c> and a percentage; <c>reorder</c>, a percentage and by how
/// long; <c>delay</c> and <c>jitter</c>, a time; <c>rate</c>, bits a second; <c>queue</c>, frames.
/// </summary>
public sealed class FaultScript
{
    /// <summary>Lines at most.</summary>
    public const int StepsMax = 10_000;

    private const string Every = "*";
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(60);

    private FaultScript(IReadOnlyList<FaultStep> steps) => Steps = steps;

    /// <summary>The script of a switch to which nothing happens.</summary>
    public static FaultScript Empty { get; } = new([]);

    /// <summary>The lines, earliest first.</summary>
    public IReadOnlyList<FaultStep> Steps { get; }

    /// <summary>Reads a script.</summary>
    /// <exception cref="UserErrorException">It has an error; the message has the line's number.</exception>
    public static FaultScript Parse(string text)
    {
        var steps = new List<FaultStep>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            try
            {
                var step = Step(Time(words[0]), words.AsSpan(1), number);
                if (steps.Count > 0 && step.At < steps[^1].At)
                {
                    throw new FormatException($"'{words[0]}' is earlier than the line before");
                }

                if (steps.Count == StepsMax)
                {
                    throw new FormatException($"more than {StepsMax} lines");
                }

                steps.Add(step);
            }
            catch (FormatException problem)
            {
                throw new UserErrorException($"Line {number} of the fault script: {problem.Message}.");
            }
        }

        return new FaultScript(steps);
    }

    /// <summary>The faults of a line without its moment and wire: <c>loss 5% delay 20ms</c>.</summary>
    /// <exception cref="UserErrorException">There is an error in them.</exception>
    public static LinkFaults ParseFaults(string text)
    {
        try
        {
            return Faults(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        catch (FormatException problem)
        {
            throw new UserErrorException($"The faults '{text}': {problem.Message}.");
        }
    }

    /// <summary>Proves that a switch has every port that the script speaks of.</summary>
    /// <exception cref="UserErrorException">It has not.</exception>
    internal void Check(SwitchFabric fabric)
    {
        foreach (var step in Steps)
        {
            foreach (var name in step.Ports)
            {
                if (name != Every && fabric.Ports.All(port => port.Name != name))
                {
                    throw new UserErrorException(
                        $"Line {step.Line} of the fault script: the switch has no port '{name}'.");
                }
            }
        }
    }

    private static FaultStep Step(TimeSpan at, ReadOnlySpan<string> words, int line)
    {
        if (words.Length == 0)
        {
            throw new FormatException("what shall happen? There is only a moment");
        }

        switch (words[0])
        {
            case "partition":
                return Partition(at, string.Join(' ', words[1..]), line);
            case "heal" when words.Length == 1:
                return new FaultStep(at, static fabric => SetParted(fabric, static (_, _) => false), [], line);
            case "clear" when words.Length == 1:
                return new FaultStep(at, Clear, [], line);
            case "heal" or "clear":
                throw new FormatException($"'{words[0]}' stands alone");
        }

        var mark = words[0].IndexOf('>', StringComparison.Ordinal);
        if (mark < 0)
        {
            var everywhere = Faults(words);
            return new FaultStep(at, fabric => SetFaults(fabric, Every, Every, everywhere), [], line);
        }

        var faults = Faults(words[1..]);
        var isBoth = mark > 0 && words[0][mark - 1] == '<';
        var (from, to) = (Port(words[0][..(isBoth ? mark - 1 : mark)]), Port(words[0][(mark + 1)..]));
        void Apply(SwitchFabric fabric)
        {
            SetFaults(fabric, from, to, faults);
            if (isBoth)
            {
                SetFaults(fabric, to, from, faults);
            }
        }

        return new FaultStep(at, Apply, [from, to], line);
    }

    private static FaultStep Partition(TimeSpan at, string text, int line)
    {
        var groups = text.Split('|').Select(group =>
            group.Split(',').Select(name => Port(name.Trim())).ToArray()).ToArray();
        var groupOf = new Dictionary<string, int>();
        for (var group = 0; group < groups.Length; group++)
        {
            foreach (var name in groups[group])
            {
                if (name == Every || !groupOf.TryAdd(name, group))
                {
                    throw new FormatException($"'{name}' cannot be in two groups");
                }
            }
        }

        if (groups.Length < 2)
        {
            throw new FormatException("a partition has two groups or more, with '|' between them");
        }

        bool IsParted(string from, string to) =>
            groupOf.TryGetValue(from, out var a) && groupOf.TryGetValue(to, out var b) && a != b;

        return new FaultStep(at, fabric => SetParted(fabric, IsParted), [.. groupOf.Keys], line);
    }

    private static void Clear(SwitchFabric fabric)
    {
        SetFaults(fabric, Every, Every, LinkFaults.None);
        SetParted(fabric, static (_, _) => false);
    }

    private static void SetParted(SwitchFabric fabric, Func<string, string, bool> isParted)
    {
        foreach (var wire in fabric.Wires)
        {
            wire.IsParted = isParted(wire.From.Name, wire.To.Name);
        }
    }

    private static void SetFaults(SwitchFabric fabric, string from, string to, LinkFaults faults)
    {
        foreach (var wire in fabric.Wires)
        {
            if ((from == Every || from == wire.From.Name) && (to == Every || to == wire.To.Name))
            {
                wire.Faults = faults;
            }
        }
    }

    private static LinkFaults Faults(ReadOnlySpan<string> words)
    {
        var faults = LinkFaults.None;
        if (words.Length == 0)
        {
            throw new FormatException("what shall happen on that wire? 'clear' takes faults away everywhere");
        }

        for (var at = 0; at < words.Length;)
        {
            var name = words[at++];
            faults = name switch
            {
                "loss" => faults with { Loss = Percentage(Next(words, ref at, name)) },
                "duplicate" => faults with { Duplication = Percentage(Next(words, ref at, name)) },
                "corrupt" => faults with { Corruption = Percentage(Next(words, ref at, name)) },
                "reorder" => faults with
                {
                    Reordering = Percentage(Next(words, ref at, name)),
                    ReorderBy = Time(Next(words, ref at, name)),
                },
                "delay" => faults with { Delay = Time(Next(words, ref at, name)) },
                "jitter" => faults with { Jitter = Time(Next(words, ref at, name)) },
                "rate" => faults with { BitsPerSecond = Rate(Next(words, ref at, name)) },
                "queue" => faults with { Queue = Frames(Next(words, ref at, name)) },
                "none" => faults,
                _ => throw new FormatException($"'{name}' is no fault; there are loss, duplicate, corrupt, reorder, "
                    + "delay, jitter, rate, queue and none"),
            };
        }

        if (faults.Delay > DelayMax || faults.Jitter > DelayMax || faults.ReorderBy > DelayMax)
        {
            throw new FormatException($"no delay is longer than {DelayMax.TotalSeconds:0} s");
        }

        return faults;
    }

    private static string Next(ReadOnlySpan<string> words, ref int at, string name) => at < words.Length
        ? words[at++]
        : throw new FormatException($"'{name}' is short of a figure");

    private static string Port(string name) =>
        name == Every || (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            ? name
            : throw new FormatException($"'{name}' is no name of a port");

    private static double Percentage(string word)
    {
        var value = Number(word, "%", "a percentage, such as 5%");
        return value <= 100 ? value / 100 : throw new FormatException($"'{word}' is more than 100 %");
    }

    private static TimeSpan Time(string word)
    {
        const string wanted = "a time, such as 2s, 20ms or 500us";
        var (unit, ticks) = word switch
        {
            _ when word.EndsWith("ms", StringComparison.Ordinal) => ("ms", TimeSpan.TicksPerMillisecond),
            _ when word.EndsWith("us", StringComparison.Ordinal) => ("us", TimeSpan.TicksPerMicrosecond),
            _ => ("s", TimeSpan.TicksPerSecond),
        };
        var value = Number(word, unit, wanted) * ticks;
        return value < TimeSpan.FromDays(365).Ticks
            ? TimeSpan.FromTicks((long)value)
            : throw new FormatException($"'{word}' is more than a year");
    }

    private static long Rate(string word)
    {
        const string wanted = "a rate, such as 10Mbit, 64kbit or 1Gbit";
        var (unit, bits) = word switch
        {
            _ when word.EndsWith("kbit", StringComparison.Ordinal) => ("kbit", 1e3),
            _ when word.EndsWith("Gbit", StringComparison.Ordinal) => ("Gbit", 1e9),
            _ => ("Mbit", 1e6),
        };
        var value = Number(word, unit, wanted) * bits;
        return value is >= 1000 and <= 1e12 ? (long)value : throw new FormatException($"'{word}' is not {wanted}");
    }

    private static int Frames(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is >= 1 and <= LinkFaults.QueueMax
            ? value
            : throw new FormatException($"'{word}' is not a number of frames from 1 to {LinkFaults.QueueMax}");

    private static double Number(string word, string unit, string wanted)
    {
        var isNumber = double.TryParse(
            word.AsSpan(0, Math.Max(0, word.Length - unit.Length)),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var value);
        return isNumber && word.EndsWith(unit, StringComparison.Ordinal)
            ? value
            : throw new FormatException($"'{word}' is not {wanted}");
    }
}
