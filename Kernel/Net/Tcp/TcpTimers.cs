namespace HaukiOS.Net;

/// <summary>
/// Which connection's timer is due next: a binary heap. A connection has one place in it, for the earliest of its
/// timers. A timer that moves to a later time - as every acknowledgement moves the retransmission timer - leaves the
/// heap alone: when the old time comes, the connection finds nothing due and is put in again. So the usual case costs
/// nothing, and one early look now and then is the price.
/// </summary>
internal sealed class TcpTimers(int capacity)
{
    private readonly TcpConnection[] heap = new TcpConnection[capacity];
    private int count;

    /// <summary>When to look at the latest.</summary>
    internal bool TryPeek(out uint due)
    {
        due = count > 0 ? heap[0].TimerKey : 0;
        return count > 0;
    }

    /// <summary>Sees to it that <paramref name="connection"/> is looked at by <paramref name="due"/>.</summary>
    internal void Set(TcpConnection connection, uint due)
    {
        if (connection.TimerIndex < 0)
        {
            connection.TimerKey = due;
            Place(connection, count++);
            Rise(connection.TimerIndex);
        }
        else if ((int)(due - connection.TimerKey) < 0)
        {
            connection.TimerKey = due;
            Rise(connection.TimerIndex);
        }
    }

    /// <summary>Takes a connection out.</summary>
    internal void Remove(TcpConnection connection)
    {
        int index = connection.TimerIndex;
        if (index < 0)
        {
            return;
        }

        connection.TimerIndex = -1;
        TcpConnection last = heap[--count];
        heap[count] = null!;
        if (last != connection)
        {
            Place(last, index);
            Rise(index);
            Sink(last.TimerIndex);
        }
    }

    /// <summary>Takes out the first connection to be looked at; null if it is nobody's time.</summary>
    internal TcpConnection? TakeDue(uint now)
    {
        if (count == 0 || !TcpClock.IsDue(heap[0].TimerKey, now))
        {
            return null;
        }

        TcpConnection first = heap[0];
        Remove(first);
        return first;
    }

    private void Place(TcpConnection connection, int index)
    {
        heap[index] = connection;
        connection.TimerIndex = index;
    }

    private void Rise(int index)
    {
        TcpConnection connection = heap[index];
        while (index > 0)
        {
            TcpConnection parent = heap[(index - 1) / 2];
            if ((int)(connection.TimerKey - parent.TimerKey) >= 0)
            {
                break;
            }

            int above = parent.TimerIndex;
            Place(parent, index);
            index = above;
        }

        Place(connection, index);
    }

    private void Sink(int index)
    {
        TcpConnection connection = heap[index];
        while (true)
        {
            int child = (index * 2) + 1;
            if (child >= count)
            {
                break;
            }

            if (child + 1 < count && (int)(heap[child + 1].TimerKey - heap[child].TimerKey) < 0)
            {
                child++;
            }

            if ((int)(heap[child].TimerKey - connection.TimerKey) >= 0)
            {
                break;
            }

            Place(heap[child], index);
            index = child;
        }

        Place(connection, index);
    }
}
