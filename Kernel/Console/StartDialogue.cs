using System;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Store;

namespace HaukiOS.Console;

/// <summary>Looks at the disk and decides how the conversation goes on. Says hello on the way.</summary>
internal sealed class StartDialogue : Dialogue
{
    private bool isResumed;

    public StartDialogue(ConsoleContext context)
        : base(context)
    {
    }

    public override string? Prompt => null;

    /// <summary>Looks again, once the node turned out to be here.</summary>
    public static StartDialogue Resumed(ConsoleContext context) => new(context) { isResumed = true };

    public override void Begin(Instant now)
    {
        if (!isResumed)
        {
            Context.Output.WriteLine($"HaukiOS {Context.Parts.Machine.Version}");
        }

        Dialogue next = WhereaboutsDialogue.Unless(Context, Choose);
        if (next is WhereaboutsDialogue)
        {
            LoadForeignBoot();
        }

        if (isResumed || !Context.Parts.StandsBy || !MoveCommands.StandBy(Context, () => next))
        {
            Context.SwitchTo(next);
        }
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
    }

    // The boot key is what a node that comes back knows this machine by. The node's address is the node's.
    private void LoadForeignBoot()
    {
        if (Context.Parts.Disk is IBlockDevice disk)
        {
            DiskState state = Volume.Inspect(disk, out _);
            Context.Node.Boot.IsOfAnother = true;
            Context.Node.Boot.Load(disk, state == DiskState.Volume);
        }
    }

    private Dialogue Choose()
    {
        Context.Node.Boot.IsOfAnother = false;
        IBlockDevice? disk = Context.Parts.Disk;
        if (disk is null)
        {
            Context.Node.Boot.Load(null, false);
            Context.Announce("this machine has no disk: nothing can be stored; 'help' tells what works without");
            return new CommandDialogue(Context, "no disk");
        }

        DiskState state = Volume.Inspect(disk, out string? message);
        string? bootComplaint = Context.Node.Boot.Load(disk, state == DiskState.Volume);
        Context.Parts.Log.Add($"disk {disk.Name}: {state}");
        switch (state)
        {
            case DiskState.Empty:
            case DiskState.Unfinished:
                return new EnrolmentDialogue(Context);
            case DiskState.Volume:
                return OpenLock(disk, message, bootComplaint);
            case DiskState.Foreign:
                Context.Announce(message ?? "the disk holds something that is not HaukiOS");
                return new FormatDialogue(Context);
            default:
                Context.Announce(message ?? "the disk is damaged");
                return Limited(state);
        }
    }

    private CommandDialogue Limited(DiskState state)
    {
        string title = state switch
        {
            DiskState.TooSmall => "disk too small",
            DiskState.FromTheFuture => "newer disk",
            DiskState.Unreadable => "unreadable disk",
            _ => "damaged disk",
        };
        Context.Output.WriteLine("nothing was changed; 'help' tells what works without the store");
        return new CommandDialogue(Context, title);
    }

    private Dialogue OpenLock(IBlockDevice disk, string? complaint, string? bootComplaint)
    {
        RecordReading reading = MirroredRecord.ForLock(disk).Read();
        foreach (string? line in (ReadOnlySpan<string?>)[complaint, bootComplaint, reading.Complaint])
        {
            if (line is not null)
            {
                Context.Announce("warning: " + line);
            }
        }

        string? reason = "the lock record cannot be read: without it nothing can be unlocked";
        if (reading.State == RecordState.Present
            && LockRecord.TryDecode(reading.Content, out LockRecord? record, out reason))
        {
            Context.Lock = record;
            return new ChallengeDialogue(Context);
        }

        Context.Announce(reason ?? "the lock record is damaged");
        return Limited(reading.State == RecordState.FromTheFuture ? DiskState.FromTheFuture : DiskState.Damaged);
    }
}
