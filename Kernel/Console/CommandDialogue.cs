using System;
using System.Collections.Generic;
using HaukiOS.Console.Network;
using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Console;

/// <summary>
/// The prompt. With a store open it is <c>hauki&gt; </c>; without one it names the reason, and the commands that need
/// the store say so.
/// </summary>
internal sealed class CommandDialogue : Dialogue
{
    private static readonly string[] HelpLines =
    [
        "help                 this list",
        "status               the machine, the store and the lock",
        "put NAME VALUE       stores VALUE, the rest of the line; quotes are optional",
        "get NAME             shows a value",
        "list [PREFIX]        shows names",
        "del NAME             deletes a value",
        "lock                 closes the store; the questions are asked again",
        RemoteCommand.Help,
        "mem                  memory and the collector's heap",
        "log                  what happened since power-on",
        "selftest             the cryptography against its published vectors",
        "bench argon2         measures one key derivation",
        "soak alloc MIB       allocates that much garbage",
        "soak put COUNT       puts so many values",
        "load MIB [touch|fill] [PAGES/S]",
        "                     writes memory behind the prompt; load says how it goes, load stop checks every page",
        "format               makes a new store on a disk that holds something else",
        "reboot, poweroff     closes the store first",
    ];

    private readonly string? missing;
    private readonly NetworkCommands network;
    private RunningCommand? running;
    private int noticesSeen;

    /// <summary>A prompt. <paramref name="missing"/> is null with an open store, or says why there is none.</summary>
    public CommandDialogue(ConsoleContext context, string? missing)
        : base(context)
    {
        this.missing = missing;
        network = new NetworkCommands(context);
        noticesSeen = context.Store?.Notices.Lines.Count ?? 0;
    }

    public override string? Prompt =>
        running is not null ? running.Prompt : missing is null ? "hauki> " : $"hauki ({missing})> ";

    public override bool IsHurried => running?.IsHurried ?? false;

    /// <summary>Is a command under way that takes longer?</summary>
    public bool IsRunning => running is not null;

    public override void Begin(Instant now)
    {
    }

    public override void OnBeat(Instant now)
    {
        if (running is not null && running.Step(now))
        {
            running = null;
            Context.DropPrompt();
        }

        NoteNotices();
        if (running is null)
        {
            MoveWatch.Look(Context);
        }
    }

    public override void OnCancel(Instant now) => running?.Cancel();

    public override void OnEndOfInput(Instant now) => running?.OnEndOfInput(now);

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        if (running is not null)
        {
            running.OnLine(line, now);
            return;
        }

        var arguments = new Arguments(line);
        string command = arguments.NextWord();
        switch (command)
        {
            case "":
                break;
            case "selftest" or "bench" or "lock" or "format" when Context.Parts.Worker.IsBusy:
                Context.Output.WriteLine($"{command}: the worker is busy; 'load stop' ends a load");
                break;
            case "put" or "get" or "list" or "del" or "lock":
                OnStoreCommand(command, ref arguments);
                break;
            case "help":
                Help();
                break;
            case "status":
                Report.Status(Context);
                break;
            case "remote":
                RemoteCommand.Run(Context, arguments.NextWord());
                break;
            case "mem":
                Report.Memory(Context);
                break;
            case "log":
                ShowLog();
                break;
            case "load":
                running = LoadCommand.Run(Context, ref arguments, now);
                break;
            case "selftest":
                running = new SelfTestRun(Context);
                break;
            case "bench":
                StartBench(arguments.NextWord());
                break;
            case "soak":
                StartSoak(ref arguments);
                break;
            case "format":
                Format();
                break;
            case "reboot":
                Leave("rebooting");
                Context.Parts.Control.Reboot();
                break;
            case "poweroff":
                Leave("powering off");
                Context.Parts.Control.PowerOff();
                break;
            default:
                OnOtherCommand(command, ref arguments, now);
                break;
        }
    }

    private void OnOtherCommand(string command, ref Arguments arguments, Instant now)
    {
        if (NetworkCommands.Owns(command))
        {
            running = network.Run(command, ref arguments, now);
        }
        else if (MoveCommands.Owns(command))
        {
            OnMoveCommand(command, ref arguments, now);
        }
        else
        {
            Context.Output.WriteLine("there is no such command; 'help' lists all");
        }
    }

    private void OnMoveCommand(string command, ref Arguments arguments, Instant now)
    {
        if (command == "migrate")
        {
            running = MoveCommands.Migrate(Context, ref arguments, now);
        }
        else if (command != "standby")
        {
            MoveCommands.RefuseWord(Context, command);
        }
        else if (!arguments.IsEmpty)
        {
            Context.Output.WriteLine("standby: that is one word too many");
        }
        else if (Context.Store is not null)
        {
            Context.Output.WriteLine("standby: a node runs here, and its store is open; 'lock' closes it");
        }
        else
        {
            MoveCommands.StandBy(Context, () => new CommandDialogue(Context, missing));
        }
    }

    private void Help()
    {
        string[] lines = [.. HelpLines, .. MoveCommands.HelpLines, .. NetworkCommands.HelpLines];
        running = new Listing(
            Context,
            lines.Length,
            index => lines[index],
            "Ctrl-C ends a command that takes long, Ctrl-U clears the line.");
    }

    private void OnStoreCommand(string command, ref Arguments arguments)
    {
        EncryptedStore? store = Context.Store;
        if (store is null)
        {
            Context.Output.WriteLine($"{command}: no store is open ({missing})");
            return;
        }

        switch (command)
        {
            case "put":
                Put(store, ref arguments);
                break;
            case "get":
                Get(store, arguments.NextWord());
                break;
            case "list":
                List(store, arguments.NextWord());
                break;
            case "del":
                Delete(store, arguments.NextWord());
                break;
            default:
                Context.CloseStore();
                Context.Parts.Log.Add("locked");
                Context.SwitchTo(new ChallengeDialogue(Context));
                break;
        }
    }

    private void Put(EncryptedStore store, ref Arguments arguments)
    {
        string name = arguments.NextWord();
        if (name.Length == 0 || arguments.IsEmpty)
        {
            Context.Output.WriteLine("put: say a name and a value: put NAME VALUE");
            return;
        }

        Say("put", store.Put(name, arguments.Rest()));
    }

    private void Get(EncryptedStore store, string name)
    {
        if (name.Length == 0)
        {
            Context.Output.WriteLine("get: say a name: get NAME");
            return;
        }

        StoreError? error = store.Get(name, out byte[] value);
        if (error is not null)
        {
            Say("get", error);
            return;
        }

        Context.Output.Write(value);
        Context.Output.WriteLine();
        Array.Clear(value);
    }

    private void Delete(EncryptedStore store, string name)
    {
        if (name.Length == 0)
        {
            Context.Output.WriteLine("del: say a name: del NAME");
            return;
        }

        Say("del", store.Delete(name));
    }

    private void List(EncryptedStore store, string prefix)
    {
        var names = new List<string>();
        foreach (string name in store.List())
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                names.Add(name);
            }
        }

        names.Sort(string.CompareOrdinal);
        string total = names.Count == 1 ? "1 name" : $"{names.Count} names";
        running = new Listing(Context, names.Count, index => names[index], total);
    }

    private void Say(string command, StoreError? error)
    {
        if (error is not null)
        {
            string line = $"{command}: {error.Message}";
            Context.Output.WriteLine(line);
            if (error.Kind is StoreErrorKind.Disk or StoreErrorKind.Damaged)
            {
                Context.Parts.Log.Add(line);
            }
        }
    }

    private void ShowLog()
    {
        Loop.KernelLog log = Context.Parts.Log;
        string? dropped = log.Dropped > 0 ? $"({log.Dropped} older lines have fallen out)" : null;
        running = new Listing(Context, log.Count, index => Report.LogLine(log[index]), dropped);
    }

    private void StartBench(string what)
    {
        if (what != "argon2")
        {
            Context.Output.WriteLine("bench: say what: bench argon2");
            return;
        }

        running = Argon2Bench.TryStart(Context);
    }

    private void StartSoak(ref Arguments arguments)
    {
        string what = arguments.NextWord();
        if (what is not ("alloc" or "put") || !arguments.TryNextNumber(out long number))
        {
            Context.Output.WriteLine("soak: say what and how much: soak alloc MIB, or soak put COUNT");
        }
        else if (what == "alloc")
        {
            running = new AllocationSoak(Context, number);
        }
        else if (Context.Store is null)
        {
            Context.Output.WriteLine($"soak: no store is open ({missing})");
        }
        else
        {
            running = new PutSoak(Context, number);
        }
    }

    private void Format()
    {
        IBlockDevice? disk = Context.Parts.Disk;
        if (disk is null)
        {
            Context.Output.WriteLine("format: this machine has no disk");
        }
        else if (Context.Store is not null)
        {
            Context.Output.WriteLine("format: a store is open; only a disk without one can be formatted");
        }
        else if (disk.SectorCount < StoreGeometry.MinimumDiskSectors)
        {
            Context.Output.WriteLine("format: the disk is too small for a store");
        }
        else
        {
            Context.SwitchTo(new FormatDialogue(Context));
        }
    }

    private void Leave(string sentence)
    {
        Context.CloseStore();
        Context.Output.WriteLine(sentence);
    }

    // What the store found wrong while it worked belongs in the log, once.
    private void NoteNotices()
    {
        if (Context.Store is EncryptedStore store)
        {
            for (; noticesSeen < store.Notices.Lines.Count; noticesSeen++)
            {
                Context.Parts.Log.Add("warning: " + store.Notices.Lines[noticesSeen]);
            }
        }
    }
}
