using System;
using System.Globalization;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// A node that travels between two places of a <see cref="MoveNetwork"/>, back and forth, and a Linux beside them
/// that speaks with it. In what way it travels is for those who derive from this.
/// </summary>
public abstract partial class Shuttle : IDisposable
{
    /// <summary>Where the node echoes.</summary>
    public const int EchoPort = 7;

    /// <summary>The node's address, wherever it is.</summary>
    public const string NodeAddress = "10.9.0.2";

    /// <summary>The two places.</summary>
    public static readonly string[] Places = ["a", "b"];

    /// <summary>The longest wait for anything but a move.</summary>
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);


    /// <summary>A node on a network.</summary>
    private protected Shuttle(MoveNetwork network) => Network = network;

    /// <summary>The wire; it is the shuttle's own and goes with it.</summary>
    public MoveNetwork Network { get; }

    /// <summary>Which of the <see cref="Places"/> the node is at.</summary>
    public string Place { get; private protected set; } = Places[0];

    /// <summary>The place where it will be after the next move.</summary>
    public string OtherPlace => Place == Places[0] ? Places[1] : Places[0];

    /// <summary>The machine that the node is on.</summary>
    public abstract EmulatedMachine Machine { get; }

    /// <summary>The node's console, on that machine.</summary>
    public ConsoleDriver Console => ConsoleOf(Machine);

    /// <summary>How large a region the node writes to now, in MiB; 0 if it is idle.</summary>
    public int LoadMebibytes { get; private set; }

    /// <summary>Gets the other machine ready, so that the next move begins when it is ordered.</summary>
    public abstract void Prepare();

    /// <summary>Moves the node to the other place.</summary>
    /// <param name="progress">Gets a sentence now and then; may be null.</param>
    /// <exception cref="EmulatorException">It did not arrive.</exception>
    public abstract MoveFigures Move(Action<string>? progress = null);

    /// <summary>Begins a conversation with the node's echo service.</summary>
    public StreamClient Converse(int bytesPerSecond = StreamClient.UsualPace) =>
        new(Network.Connect(NodeAddress, EchoPort, Patience), bytesPerSecond);

    /// <summary>Gives the node a region to write to without a pause.</summary>
    /// <param name="mebibytes">How large it is; with 0 the node stays idle.</param>
    public void StartLoad(int mebibytes)
    {
        if (mebibytes > 0)
        {
            Console.Command(string.Create(CultureInfo.InvariantCulture, $"load {mebibytes} touch"));
        }

        LoadMebibytes = mebibytes;
    }

    /// <summary>Asks the node how much the load has written.</summary>
    public LoadCount CountLoad()
    {
        var said = Console.Command("load");
        var count = Written().Match(said).Groups[1].Value;
        return count.Length > 0
            ? new LoadCount(long.Parse(count, CultureInfo.InvariantCulture), DateTime.UtcNow)
            : throw new EmulatorException($"'{said}' does not say what was written.");
    }

    /// <summary>How much it had written when the latest move was over.</summary>
    public abstract LoadCount CountAfterMove();

    /// <summary>Ends that, and lets the node check every page of the region.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="EmulatorException">A page was not what it must be.</exception>
    public string StopLoad()
    {
        if (LoadMebibytes == 0)
        {
            return string.Empty;
        }

        LoadMebibytes = 0;
        var said = Console.Command("load stop");
        return said.Contains("all consistent", StringComparison.Ordinal)
            ? said
            : throw new EmulatorException($"The region was damaged: {said}");
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Network.Dispose();
        GC.SuppressFinalize(this);
    }

    [GeneratedRegex("([0-9]+) pages written")]
    private static partial Regex Written();

    /// <summary>The console of a machine without a disk.</summary>
    private protected static ConsoleDriver ConsoleOf(EmulatedMachine machine) =>
        new(machine.Serial) { ReadyPrompt = ConsoleDriver.PromptWithoutDisk, Patience = Patience };

    /// <summary>Waits until a machine without a disk is up.</summary>
    private protected static void AwaitPrompt(EmulatedMachine machine) =>
        machine.Serial.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
}
