using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using HaukiOS.Net;
using HaukiOS.Secrets;

namespace HaukiOS.Migration;

/// <summary>
/// A reliable row of records between two machines on one wire, in Ethernet frames of their own
/// (<c>docs/teleport-wire.md</c>): ordered, each packet sealed under the keys that were agreed on over the secure
/// channel. It knows neither card nor loop. In the event loop the network service asks it for frames; while the node
/// stands still, whoever polls the card does. After construction it allocates nothing, calls no interface and throws
/// nothing.
/// <para>
/// After <see cref="TrySend"/>, <see cref="TryReceive"/> and <see cref="Advance"/> there may be frames to send.
/// </para>
/// </summary>
public sealed unsafe class PacketLink : IFrameSide, IDisposable
{
    /// <summary>Bytes of a record, at most: a page and what is to be said of it.</summary>
    public const int RecordMax = 4096 + 64;

    // Questions in vain before a silent peer is dead.
    private const int SilencesMin = 4;

    // A loop that did not look for longer than it was told to stood still itself, or its whole computer did: that is no
    // silence of the peer's, which may have been standing still as well and may come back a little later.
    private const long OwnPauseNanoseconds = 600_000_000;

    // The last nonces are never used.
    private const uint NumberMax = uint.MaxValue - 16;

    private readonly LinkMemory memory;
    private readonly LinkSender sender;
    private readonly LinkReceiver receiver;
    private readonly PacketCipher sealer;
    private readonly PacketCipher opener;
    private readonly ulong session;
    private readonly MacAddress peer;
    private long silence;
    private readonly long keepAlive;
    private LinkFigures figures;
    private uint lastNumber;
    private uint replayTop;         // the highest number of a good frame
    private bool asks;              // a question is to be sent
    private bool isEnded;
    private bool isSpoilt;          // since the last good frame there came others in its name
    private int silences;
    private long probeAt = long.MaxValue;
    private long heardAt;
    private long waitingSince;
    private long time;              // the latest moment that was told

    /// <summary>A link in new memory.</summary>
    public PacketLink(IDmaMemory local, LinkSettings settings, Instant now)
        : this(new LinkMemory(local), settings, now)
    {
    }

    /// <summary>A link in memory that served another one before.</summary>
    /// <exception cref="InvalidOperationException">That one still uses it.</exception>
    public PacketLink(LinkMemory memory, LinkSettings settings, Instant now)
    {
        if (memory.IsTaken)
        {
            throw new InvalidOperationException("the memory of a link serves one at a time");
        }

        memory.IsTaken = true;
        memory.Wipe();
        this.memory = memory;
        session = settings.Session;
        Self = settings.Self;
        peer = settings.Peer;
        SilenceMilliseconds = settings.SilenceMilliseconds;
        keepAlive = settings.KeepAliveMilliseconds == 0 ? long.MaxValue : settings.KeepAliveMilliseconds * 1_000_000L;
        sender = new LinkSender(memory, settings.PeerReceiveCapacity);
        receiver = new LinkReceiver(memory);
        sealer = new PacketCipher(memory.SendCipher);
        opener = new PacketCipher(memory.ReceiveCipher);

        // The direction is part of the nonce, as well, should anybody ever give one key for both.
        sealer.SetKey(settings.SendKey, settings.IsSource ? 1u : 2u);
        opener.SetKey(settings.ReceiveKey, settings.IsSource ? 2u : 1u);
        heardAt = now.Nanoseconds;
        time = now.Nanoseconds;
    }

    /// <summary>Does it work?</summary>
    public PacketLinkState State { get; private set; }

    /// <summary>Under which station address frames are sent. Where answers go was agreed on, and stays.</summary>
    public MacAddress Self { private get; set; }

    /// <summary>How long a peer may be silent from now on (<see cref="LinkSettings.SilenceMilliseconds"/>).</summary>
    public int SilenceMilliseconds
    {
        set => silence = value * 1_000_000L;
    }

    /// <summary>Why it is dead, in a sentence; null if it is not, or was closed.</summary>
    public string? Problem { get; private set; }

    /// <summary>Bytes of records, at most, that have not arrived over there as far as is known.</summary>
    public long BytesWaiting => sender.BytesWaiting;

    /// <summary>Has everything that was sent arrived over there?</summary>
    public bool IsDrained => sender.IsDrained;

    /// <summary>Would a record of any length be taken now?</summary>
    public bool HasRoom => State == PacketLinkState.Open && sender.HasRoomFor(RecordMax);

    /// <summary>Is there a frame to send, if nothing changes?</summary>
    public bool HasFrame => State == PacketLinkState.Open && (asks || receiver.AnswerAt <= time || sender.HasPacket);

    /// <summary>
    /// The shortest time for the way there and back, in ns: that of the wire, when nothing waits at either end. 0
    /// before the first answer.
    /// </summary>
    public long LeastRoundTrip => sender.LeastRoundTrip;

    /// <summary>What was counted and measured.</summary>
    public LinkFigures Figures
    {
        get
        {
            LinkFigures now = figures;
            now.Retransmissions = sender.Retransmissions;
            now.Duplicates = receiver.Duplicates;
            now.RoundTripMicroseconds = (int)Math.Min(sender.SmoothedRoundTrip / 1000, int.MaxValue);
            now.BytesPerSecond = sender.BytesPerSecond;
            now.Window = sender.Window;
            return now;
        }
    }

    /// <summary>Takes a record to send, at most <see cref="RecordMax"/> bytes.</summary>
    /// <returns>False if there is no room for it now, or the link is dead.</returns>
    public bool TrySend(ReadOnlySpan<byte> record) =>
        record.Length <= RecordMax && State == PacketLinkState.Open && sender.TrySend(record, new Instant(time));

    /// <summary>Lets all records go out, also if they do not fill a packet. Otherwise they wait for 1 ms.</summary>
    public void Flush() => sender.Flush();

    /// <summary>Gives out the next record that has come.</summary>
    /// <param name="record">Stays as it is until the next call.</param>
    /// <returns>False if there is none.</returns>
    public bool TryReceive(out ReadOnlySpan<byte> record)
    {
        record = default;
        if (State != PacketLinkState.Open)
        {
            return false;
        }

        bool received = receiver.TryReceive(out record);
        if (receiver.IsConfused)
        {
            Die("the other machine has sent a record that is none");
        }

        return received;
    }

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now)
    {
        if (!LinkFrames.TryRead(frame, out LinkFrameKind kind, out ulong of) || of != session
            || kind > LinkFrameKind.Acknowledgement)
        {
            return false;
        }

        if (State == PacketLinkState.Open)
        {
            Pass(now);
            Receive(frame, kind, now);
        }

        return true;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        Pass(now);
        if (State != PacketLinkState.Open || room.Length < INetworkDevice.FrameMax)
        {
            return 0;
        }

        int length = 0;
        if (asks || receiver.AnswerAt <= time)
        {
            length = WriteAcknowledgement(room, now);
        }
        else if (sender.HasPacket)
        {
            length = WriteData(room, now);
        }

        if (length > 0)
        {
            figures.PacketsSent++;
            figures.BytesSent += length;
            if (lastNumber >= NumberMax)
            {
                Die("all numbers of packets are used up");
            }
        }

        return length;
    }

    /// <summary>Does what has become due.</summary>
    public void Advance(Instant now)
    {
        Pass(now);
        if (State != PacketLinkState.Open)
        {
            return;
        }

        if (probeAt <= time)
        {
            OnSilence();
        }
        else if (probeAt == long.MaxValue && !asks && KeepAliveAt <= time)
        {
            asks = true;
        }

        if (sender.FlushAt <= time)
        {
            sender.Flush();
        }
    }

    /// <summary>When <see cref="Advance"/> is to be called next.</summary>
    /// <returns>False if there is no such moment.</returns>
    public bool TryGetNextDue(out Instant due)
    {
        long next = Math.Min(probeAt, Math.Min(receiver.AnswerAt, sender.FlushAt));
        if (probeAt == long.MaxValue)
        {
            next = Math.Min(next, KeepAliveAt);
        }

        due = new Instant(next);
        return State == PacketLinkState.Open && next != long.MaxValue;
    }

    /// <summary>Ends the link and overwrites keys and packets. Only on the machine that it was made on.</summary>
    public void Dispose()
    {
        State = PacketLinkState.Dead;
        if (!isEnded)
        {
            isEnded = true;
            memory.Wipe();
            memory.IsTaken = false;
        }
    }

    /// <summary>
    /// Ends the link without touching its memory: for the node that has landed, whose machine-local memory has stayed
    /// behind and whose addresses are now somebody else's. The memory's object is of no use any more, either.
    /// </summary>
    public void Abandon()
    {
        State = PacketLinkState.Dead;
        isEnded = true;
    }

    private void Pass(Instant now)
    {
        long passed = now.Nanoseconds - time;
        if (passed > OwnPauseNanoseconds)
        {
            heardAt += passed - OwnPauseNanoseconds;
            waitingSince += passed - OwnPauseNanoseconds;
        }

        time = Math.Max(time, now.Nanoseconds);
    }

    private long KeepAliveAt => keepAlive == long.MaxValue ? long.MaxValue : heardAt + keepAlive;

    private void Die(string problem)
    {
        State = PacketLinkState.Dead;
        Problem = problem;
    }

    private void OnSilence()
    {
        silences++;
        figures.Timeouts++;
        if (silences > SilencesMin && time - Math.Max(heardAt, waitingSince) >= silence)
        {
            Die(isSpoilt
                ? "what comes in the name of the other machine is damaged, forged or old"
                : "the other machine does not answer");
            return;
        }

        if (!sender.OnSilence())
        {
            asks = true;
        }

        probeAt = time + sender.Patience(silences);
    }

    // The peer owes a sign from now on.
    private void Await()
    {
        if (probeAt == long.MaxValue)
        {
            waitingSince = time;
        }

        probeAt = time + sender.Patience(silences);
    }

    private int WriteAcknowledgement(Span<byte> room, Instant now)
    {
        byte flags = asks ? LinkFrames.AnswerNow : (byte)0;
        if (asks)
        {
            asks = false;
            Await();
        }

        Acknowledgement answer = receiver.Answer(now);
        answer.Write(new Span<byte>(memory.Content, Acknowledgement.Length));
        return Seal(
            room, LinkFrameKind.Acknowledgement, flags, answer.Missing, memory.Content, Acknowledgement.Length);
    }

    private int WriteData(Span<byte> room, Instant now)
    {
        uint sequence = sender.Pick();
        byte* payload = sender.PayloadOf(sequence, out int length);
        byte flags = sender.OnSent(sequence, lastNumber + 1, now) ? LinkFrames.AnswerNow : (byte)0;
        Await();
        return Seal(room, LinkFrameKind.Data, flags, sequence, payload, length);
    }

    private int Seal(Span<byte> room, LinkFrameKind kind, byte flags, uint sequence, byte* content, int length)
    {
        lastNumber++;
        LinkFrames.WriteEthernet(room, peer, Self);
        room[LinkFrames.KindAt] = (byte)kind;
        room[LinkFrames.FlagsAt] = flags;
        BinaryPrimitives.WriteUInt16LittleEndian(room.Slice(LinkFrames.LengthAt), (ushort)length);
        BinaryPrimitives.WriteUInt64LittleEndian(room.Slice(LinkFrames.SessionAt), session);
        BinaryPrimitives.WriteUInt32LittleEndian(room.Slice(LinkFrames.NumberAt), lastNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(room.Slice(LinkFrames.SequenceAt), sequence);
        fixed (byte* frame = room)
        {
            sealer.Seal(
                lastNumber, frame + LinkFrames.KindAt, LinkFrames.HeaderLength, content, length,
                frame + LinkFrames.ContentStart);
        }

        return LinkFrames.ContentStart + length + PacketCipher.TagLength;
    }

    private void Receive(ReadOnlySpan<byte> frame, LinkFrameKind kind, Instant now)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(frame.Slice(LinkFrames.LengthAt));
        int whole = LinkFrames.ContentStart + length + PacketCipher.TagLength;
        bool isData = kind == LinkFrameKind.Data;
        if (frame.Length < whole || length > LinkMemory.PayloadMax || (!isData && length != Acknowledgement.Length))
        {
            figures.Malformed++;
            isSpoilt = true;
            return;
        }

        uint number = BinaryPrimitives.ReadUInt32LittleEndian(frame.Slice(LinkFrames.NumberAt));
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(frame.Slice(LinkFrames.SequenceAt));
        if (!IsNewNumber(number))
        {
            figures.Replayed++;
            isSpoilt = true;
            return;
        }

        byte* into = isData ? receiver.PlaceOf(sequence) : memory.Content;
        fixed (byte* start = frame)
        {
            if (!opener.TryOpen(
                number, start + LinkFrames.KindAt, LinkFrames.HeaderLength, start + LinkFrames.ContentStart, length,
                into))
            {
                figures.Forged++;
                isSpoilt = true;
                return;
            }
        }

        AcceptNumber(number);
        figures.PacketsReceived++;
        figures.BytesReceived += whole;
        bool answerNow = (frame[LinkFrames.FlagsAt] & LinkFrames.AnswerNow) != 0;
        if (isData)
        {
            receiver.OnPacket(sequence, length, number, answerNow, now);
        }
        else if (answerNow)
        {
            receiver.AnswerNow();
        }

        if (!isData && (!Acknowledgement.TryRead(sequence, new ReadOnlySpan<byte>(into, length), out var told)
            || !sender.TryAcknowledge(told, lastNumber, now)))
        {
            figures.Malformed++;
        }

        Heard();
    }

    private void Heard()
    {
        heardAt = time;
        isSpoilt = false;
        silences = 0;
        probeAt = sender.IsWaiting ? time + sender.Patience(0) : long.MaxValue;
    }

    private bool IsNewNumber(uint number) =>
        number > replayTop
        || (replayTop - number < LinkMemory.ReplayBits && (*ReplayWord(number) & ReplayBit(number)) == 0);

    private void AcceptNumber(uint number)
    {
        if (number > replayTop)
        {
            // What lay between belongs to numbers that are too old now.
            uint steps = Math.Min(number - replayTop, LinkMemory.ReplayBits);
            for (uint step = 1; step <= steps; step++)
            {
                *ReplayWord(replayTop + step) &= ~ReplayBit(replayTop + step);
            }

            replayTop = number;
        }

        *ReplayWord(number) |= ReplayBit(number);
    }

    private uint* ReplayWord(uint number) => memory.Replay + (number / 32 % (LinkMemory.ReplayBits / 32));

    private static uint ReplayBit(uint number) => 1u << (int)(number % 32);
}
