using System;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// The phase in which the node stands still: interrupts are off, this runs alone on a stack that does not travel, and
/// nothing allocates. It sends what is left and the processor's state, lets the node go, and stays until the target has
/// said how it ended.
/// <para>
/// What it changes are objects of the move itself and of the card's driver. Their pages may arrive in any state; the
/// landed node throws all of them away.
/// </para>
/// </summary>
internal sealed class Standstill
{
    // It has the machine to itself; it looks at the wire at least this often.
    private const long PollNanoseconds = 500_000;

    // Short beside the way of a frame there and back.
    private const long RestNanoseconds = 50_000;
    private const int RestLooks = 500;

    // A target that is told of a failure has so long to hear it before the node goes on.
    private const long FarewellNanoseconds = 100_000_000;

    private readonly IMachine machine;
    private readonly PreCopy copy;
    private readonly PreCopyPolicy policy;
    private readonly SourceLine line;
    private readonly SourceParts parts;
    private readonly KeptFrames kept;
    private readonly PolledCard card;
    private readonly SeeOff seeOff;
    private readonly Action attend;
    private bool isBegun;
    private bool isStateSent;
    private bool isDoubtTold;
    private ResumeWord resume;
    private StoppedTimes times;

    /// <summary>The end of one move.</summary>
    public Standstill(
        IMachine machine, SourceParts parts, PreCopy copy, PreCopyPolicy policy, SourceLine line, SeeOff seeOff)
    {
        this.machine = machine;
        this.copy = copy;
        this.policy = policy;
        this.line = line;
        this.seeOff = seeOff;
        this.parts = parts;
        kept = parts.Kept;
        card = new PolledCard(machine.Card!, line, kept);
        attend = Attend;
    }

    /// <summary>When the node was stopped.</summary>
    public Instant Began => times.Began;

    /// <summary>May the node be sent back to work if more is left to send than was thought?</summary>
    public bool MayGoBack { get; set; }

    /// <summary>Was more left to send than was thought, so that the node has to be copied a little longer?</summary>
    public bool WentBack { get; private set; }

    /// <summary>
    /// Does once what can be done before its time: the state that is sent is that of a departure that is given up. Code
    /// that has run is known to work, and an emulator has translated it.
    /// </summary>
    public void Rehearse()
    {
        line.Rehearse(machine.SavedState);
        card.Send(machine.Clock.Now);
    }

    /// <summary>All of it. If it returns the node goes on here.</summary>
    public void Run()
    {
        if (!isBegun && !TryBegin())
        {
            return;
        }

        while (!line.IsOver)
        {
            Instant now = machine.Clock.Now;
            line.Link.Advance(now);
            SendTheRest(now);
            card.Poll(now);
            line.Listen();
            if (line.Link.State != PacketLinkState.Open && !line.Handover.IsFenced)
            {
                line.Act(HandoverEvent.LinkDead);
            }

            line.Act(HandoverEvent.Tick);
            if (line.Handover.IsInDoubt(now))
            {
                AskOperator();
            }

            LeaveTheMachineAlone();
        }

        Farewell();
        if (line.HasNodeLeft)
        {
            times.Runs = machine.Clock.Now;
            seeOff.Run(card, attend);
            TellTimes();
            machine.StartAnew();
        }
    }

    // What was written in the last moments is known only now.
    private bool TryBegin()
    {
        times.Began = machine.Clock.Now;
        copy.NextRound(times.Began, isLast: true);
        times.Looked = machine.Clock.Now;
        WentBack = MayGoBack && policy.IsTooLong(copy.NanosecondsLeft);
        isBegun = !WentBack;
        return isBegun;
    }

    private void SendTheRest(Instant now)
    {
        if (isStateSent)
        {
            return;
        }

        if (!copy.Send(new Instant(now.Nanoseconds + PollNanoseconds)))
        {
            line.Act(HandoverEvent.Cancel);
        }
        else if (!copy.HasMore && line.Link.HasRoom)
        {
            times.Sent = machine.Clock.Now;

            if (parts.Journal is not null)
            {
                // The pages are under way while the record is written; otherwise the state goes with the last of them.
                line.Link.Flush();
                card.Poll(times.Sent);
            }

            line.Act(HandoverEvent.Leave);
            if (line.Handover.Phase == SourcePhase.Leaving)
            {
                isStateSent = line.TrySendState(machine.SavedState);
                line.Act(HandoverEvent.AllSent);
                times.LetGo = machine.Clock.Now;
            }
        }
    }

    // While nothing but an answer is awaited. A card that is asked all the time has less time to answer: an emulator,
    // which does one or the other, let each frame wait for milliseconds.
    private void LeaveTheMachineAlone()
    {
        bool hasWork = !isStateSent && line.Link.HasRoom;
        if (hasWork || line.IsOver || line.HasFrame)
        {
            return;
        }

        Rest();
    }

    private void Rest()
    {
        // A clock that lives by interrupts does not go on now, so the looks at it are counted.
        Instant end = new(machine.Clock.Now.Nanoseconds + RestNanoseconds);
        for (int i = 0; i < RestLooks && machine.Clock.Now < end; i++)
        {
        }
    }

    // What was said last has to leave the card before the machine forgets it, and an abort has to arrive.
    private void Farewell()
    {
        Instant now = machine.Clock.Now;
        Instant end = new(now.Nanoseconds + FarewellNanoseconds);
        bool waits = line.Handover.Phase == SourcePhase.GoesOn;
        do
        {
            card.Poll(now);
            line.Link.Advance(now);
            now = machine.Clock.Now;
        }
        while (now < end
            && (line.HasWord || (waits && !line.Link.IsDrained && line.Link.State == PacketLinkState.Open)));
    }

    // The landed node asks whether it is known to run, and is answered.
    private void Attend()
    {
        card.Poll(machine.Clock.Now);
        line.Listen();
        Rest();
    }

    private void AskOperator()
    {
        if (!isDoubtTold)
        {
            isDoubtTold = true;
            machine.Tell("\r\nThe node stands still: the target does not say whether it runs there. "u8);
            machine.Tell("It is asked on and on.\r\n"u8);
            machine.Tell("If you know that it does NOT run there and will not, type: resume\r\n"u8);
        }

        for (int typed = machine.Listen(); typed >= 0; typed = machine.Listen())
        {
            if (resume.Take((byte)typed))
            {
                line.Act(HandoverEvent.Vouched);
            }
        }
    }

    // For the operator of the machine that is left; the node itself knows only when it stood still and when it landed.
    private void TellTimes()
    {
        machine.Tell("\r\nthe node has left: us after it was stopped: looked "u8);
        TellMicroseconds(times.Looked);
        machine.Tell(", sent "u8);
        TellMicroseconds(times.Sent);
        machine.Tell(", let go "u8);
        TellMicroseconds(times.LetGo);
        machine.Tell(", target runs it "u8);
        TellMicroseconds(times.Runs);
        machine.Tell(seeOff.IsNodeHeard ? ", heard there "u8 : ", not heard until "u8);
        TellMicroseconds(seeOff.Heard);
        machine.Tell("; frames sent on "u8);
        TellNumber(seeOff.Count);
        machine.Tell(", dropped "u8);
        TellNumber(kept.Dropped);
        machine.Tell("\r\n"u8);
    }

    private void TellMicroseconds(Instant moment) => TellNumber(Math.Max(0, moment - times.Began) / 1000);

    // Nothing in here may allocate, so no number is formatted by the runtime.
    private void TellNumber(long rest)
    {
        Span<byte> digits = stackalloc byte[20];
        int at = digits.Length;
        do
        {
            digits[--at] = (byte)('0' + (int)(rest % 10));
            rest /= 10;
        }
        while (rest > 0);
        machine.Tell(digits[at..]);
    }

    /// <summary>When what happened.</summary>
    private struct StoppedTimes
    {
        public Instant Began;
        public Instant Looked;
        public Instant Sent;
        public Instant LetGo;
        public Instant Runs;
    }

    /// <summary>Recognises the word that an operator types on a line of its own.</summary>
    private struct ResumeWord
    {
        private int matched;

        private static ReadOnlySpan<byte> Word => "resume"u8;

        public bool Take(byte typed)
        {
            if (typed is (byte)'\r' or (byte)'\n')
            {
                bool isWhole = matched == Word.Length;
                matched = 0;
                return isWhole;
            }

            matched = matched >= 0 && matched < Word.Length && typed == Word[matched] ? matched + 1 : -1;
            return false;
        }
    }
}
