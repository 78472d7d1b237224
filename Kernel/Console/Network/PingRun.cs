using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Console.Network;

/// <summary><c>ping</c>: an echo request a second, a line for each answer, and the sum of it at the end.</summary>
internal sealed class PingRun : RunningCommand, ISocketOwner
{
    /// <summary>Requests when the person says nothing else.</summary>
    public const int DefaultCount = 4;

    private const int PayloadLength = 56;
    private const int IntervalMilliseconds = 1000;
    private const int PatienceMilliseconds = 2000;
    private const int Outstanding = 64; // requests whose moment is remembered: a minute of them

    private readonly NetworkService network;
    private readonly EchoSocket socket;
    private readonly Ipv4Address address;
    private readonly int count;
    private readonly Instant[] moments = new Instant[Outstanding];
    private readonly bool[] waits = new bool[Outstanding];
    private readonly byte[] payload = new byte[PayloadLength];
    private Instant next;
    private int sent;
    private int received;
    private bool cancelled;
    private long least = long.MaxValue;
    private long most;
    private long sum;

    /// <summary>Begins.</summary>
    public PingRun(
        ConsoleContext context, NetworkService network, EchoSocket socket, Ipv4Address address, int count, Instant now)
        : base(context)
    {
        this.network = network;
        this.socket = socket;
        this.address = address;
        this.count = count;
        socket.Owner = this;
        next = now;
        for (int i = 0; i < PayloadLength; i++)
        {
            payload[i] = (byte)i;
        }
    }

    public override bool IsHurried => false;

    public void OnSocketReady(NetSocket ready, Instant now) => Context.Wake();

    public override bool Step(Instant now)
    {
        Span<byte> back = stackalloc byte[PayloadLength];
        while (socket.TryReceive(back, out EchoReply reply))
        {
            OnReply(reply, back);
        }

        bool everythingCame = sent == count && received == count;
        if (cancelled || everythingCame || (sent == count && now >= next))
        {
            Finish();
            return true;
        }

        if (sent < count && now >= next)
        {
            SendOne();
        }

        return false;
    }

    public override void Cancel() => cancelled = true;

    private void SendOne()
    {
        int place = sent % Outstanding;
        SocketError error = socket.Send(address, (ushort)sent, payload, Context.Parts.Clock.Now);
        network.Kick();
        if (error != SocketError.None)
        {
            Context.Output.WriteLine($"number {sent + 1}: {error.Sentence()}");
        }

        moments[place] = Context.Parts.Clock.Now;
        waits[place] = error == SocketError.None;
        sent++;
        next = moments[place].AddMilliseconds(sent < count ? IntervalMilliseconds : PatienceMilliseconds);
    }

    private void OnReply(in EchoReply reply, ReadOnlySpan<byte> back)
    {
        int place = reply.Sequence % Outstanding;
        int number = sent - (ushort)(sent - reply.Sequence);
        if (number < 0 || number < sent - Outstanding || !waits[place])
        {
            Context.Output.WriteLine($"from {reply.From}: an answer that had come already, or came too late");
            return;
        }

        waits[place] = false;
        if (reply.Error != SocketError.None)
        {
            string who = reply.From == Ipv4Address.Any ? string.Empty : $"{reply.From} says ";
            Context.Output.WriteLine($"number {number + 1}: {who}{reply.Error.Sentence()}");
            return;
        }

        long elapsed = Math.Max(0, reply.ReceivedAt - moments[place]);
        received++;
        sum += elapsed;
        least = Math.Min(least, elapsed);
        most = Math.Max(most, elapsed);
        bool whole = reply.Length == PayloadLength && back.SequenceEqual(payload);
        Context.Output.WriteLine(
            $"{reply.Length} bytes from {reply.From}: number {number + 1}, time to live {reply.TimeToLive}, "
            + $"{Milliseconds(elapsed)} ms" + (whole ? string.Empty : ", damaged"));
    }

    private void Finish()
    {
        socket.Owner = null;
        socket.Close();
        int loss = sent == 0 ? 0 : (int)((long)(sent - received) * 100 / sent);
        string times = received == 0 ? string.Empty
            : $"; min {Milliseconds(least)}, avg {Milliseconds(sum / received)}, max {Milliseconds(most)} ms";
        Context.Output.WriteLine($"{sent} sent, {received} received, {loss} % lost{times}");
    }

    private static string Milliseconds(long nanoseconds)
    {
        long micro = nanoseconds / 1000;
        return $"{micro / 1000}.{micro / 100 % 10}{micro / 10 % 10}{micro % 10}";
    }
}
