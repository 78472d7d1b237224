using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Console.Network;

/// <summary>
/// <c>connect</c> and <c>listen</c>: what is typed goes to the peer line by line, what the peer says is shown. Control
/// characters of the peer are shown as hexadecimal numbers, so that it cannot play with the person's terminal.
/// </summary>
internal sealed class Conversation : RunningCommand, ISocketOwner
{
    /// <summary>Bytes shown in one step. The rest waits with the peer, whose window closes.</summary>
    private const int ShownPerStep = 256;

    private readonly NetworkService network;
    private readonly Utf8Assembler assembler = new();
    private readonly byte[] waiting = new byte[LineEditor.LineMax + 1];
    private TcpListener? listener;
    private TcpConnection? connection;
    private int waitingStart;
    private int waitingEnd;
    private bool greeted;
    private bool saidAll;
    private bool cancelled;
    private bool midLine;
    private bool hurried;

    /// <summary>A conversation that we open.</summary>
    public Conversation(ConsoleContext context, NetworkService network, TcpConnection connection)
        : base(context)
    {
        this.network = network;
        this.connection = connection;
        connection.Owner = this;
        Context.Output.WriteLine($"connecting to {connection.Remote}; Ctrl-C gives up");
    }

    /// <summary>A conversation that the peer opens.</summary>
    public Conversation(ConsoleContext context, NetworkService network, TcpListener listener)
        : base(context)
    {
        this.network = network;
        this.listener = listener;
        listener.Owner = this;
        Context.Output.WriteLine($"waiting at port {listener.Port}; Ctrl-C gives up");
    }

    public override bool IsHurried => hurried;

    public override string? Prompt => greeted && !saidAll && waitingStart == waitingEnd ? string.Empty : null;

    public void OnSocketReady(NetSocket socket, Instant now) => Context.Wake();

    public override bool Step(Instant now)
    {
        hurried = false;
        if (cancelled)
        {
            connection?.Abort(now);
            return End("ended", now);
        }

        Accept(now);
        if (connection is null)
        {
            return false;
        }

        if (!greeted && connection.State is not (TcpState.SynSent or TcpState.SynReceived or TcpState.Closed))
        {
            greeted = true;
            Context.Output.WriteLine($"connected to {connection.Remote}; Ctrl-D ends what you say, Ctrl-C all");
        }

        Flush(now);
        Show(now);
        if (connection.Error != SocketError.None)
        {
            return End(connection.Error.Sentence(), now);
        }

        return connection.IsReceiveClosed && EndOfPeer(now);
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        line.CopyTo(waiting);
        waiting[line.Length] = (byte)'\n';
        waitingStart = 0;
        waitingEnd = line.Length + 1;
        Flush(now);
    }

    public override void OnEndOfInput(Instant now)
    {
        if (connection is not null && !saidAll)
        {
            saidAll = true;
            connection.Shutdown(now);
            network.Kick();
        }
    }

    public override void Cancel() => cancelled = true;

    private void Accept(Instant now)
    {
        if (listener?.Accept() is TcpConnection accepted)
        {
            connection = accepted;
            connection.Owner = this;
            listener.Close(now);
            listener = null;
        }
    }

    private void Flush(Instant now)
    {
        if (waitingStart < waitingEnd && connection is not null)
        {
            int taken = connection.Send(waiting.AsSpan(waitingStart, waitingEnd - waitingStart), now);
            waiting.AsSpan(waitingStart, taken).Clear();
            waitingStart += taken;
            network.Kick();
        }
    }

    private void Show(Instant now)
    {
        ReadOnlySpan<byte> bytes = connection!.Peek();
        bytes = bytes.Slice(0, Math.Min(bytes.Length, ShownPerStep));
        foreach (byte value in bytes)
        {
            ShowByte(value);
        }

        if (!bytes.IsEmpty)
        {
            connection.Consume(bytes.Length, now);
            network.Kick();
            hurried = connection.ReceiveAvailable > 0;
        }
    }

    private void ShowByte(byte value)
    {
        if (value == '\n')
        {
            Context.Output.WriteLine();
            midLine = false;
            return;
        }

        // A carriage return stands before the line feed of most protocols; alone it would let the peer overwrite.
        if (value == '\r')
        {
            return;
        }

        ReadOnlySpan<byte> character = assembler.Take(value);
        if (!character.IsEmpty)
        {
            Context.Output.Write(character);
        }
        else if (value is < 0x20 or 0x7F)
        {
            Context.Output.Write($"\\x{value:x2}");
        }

        midLine = true;
    }

    private bool EndOfPeer(Instant now)
    {
        if (saidAll)
        {
            return End("both have said all", now);
        }

        return End("the peer has said all", now);
    }

    private bool End(string why, Instant now)
    {
        if (midLine)
        {
            Context.Output.WriteLine();
        }

        Context.Output.WriteLine(greeted || cancelled ? $"({why})" : $"connect: {why}");
        listener?.Close(now);
        if (connection is not null)
        {
            connection.Owner = null;
            connection.Close(now);
        }

        network.Kick();
        waiting.AsSpan().Clear();
        return true;
    }
}
