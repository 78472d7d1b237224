; The quick path of allocation. An allocator context per size class holds a run of free, zeroed cells; taking one is
; an addition. The C# side (GcHeap) fills the contexts. No thread switch may happen between HaukiAllocatorStart and
; HaukiAllocatorEnd: the switcher knows the two addresses (Preemption.MaySwitchAt).

bits 32

extern HaukiNewSlow
extern HaukiNewArraySlow

global HaukiAllocatorStart
global HaukiAllocatorEnd
global HaukiAllocatorContexts
global HaukiAllocatorClassOfSize
global RhpNewFast
global RhpNewArrayFast
global RhpNewPtrArrayFast

LARGEST_SMALL   equ     8192            ; GcHeap.LargestSmall
CLASS_COUNT     equ     32              ; GcHeap.ClassCount

CONTEXT_NEXT    equ     0               ; GcHeap.Context
CONTEXT_END     equ     4
CONTEXT_SIZE    equ     8
CONTEXT_SHIFT   equ     4

TYPE_BASE_SIZE  equ     4               ; MethodTable

section .text

HaukiAllocatorStart:
        mov     eax, allocator_start
        ret

HaukiAllocatorEnd:
        mov     eax, allocator_end
        ret

HaukiAllocatorContexts:
        mov     eax, contexts
        ret

HaukiAllocatorClassOfSize:
        mov     eax, class_of_size
        ret

allocator_start:

; ecx = type. Gives the new object in eax.
align 16
RhpNewFast:
        mov     edx, [ecx + TYPE_BASE_SIZE]
        cmp     edx, LARGEST_SMALL
        ja      .slow
        add     edx, 7
        shr     edx, 3
        movzx   edx, byte [class_of_size + edx]
        shl     edx, CONTEXT_SHIFT
        mov     eax, [contexts + edx + CONTEXT_NEXT]
        cmp     eax, [contexts + edx + CONTEXT_END]
        jae     .slow
        add     eax, [contexts + edx + CONTEXT_SIZE]
        mov     [contexts + edx + CONTEXT_NEXT], eax
        sub     eax, [contexts + edx + CONTEXT_SIZE]
        mov     [eax + 4], ecx
        add     eax, 4                  ; the header word lies before the object
        ret
.slow:
        jmp     HaukiNewSlow

; ecx = array type, edx = length. Gives the new array in eax. References are elements like others.
align 16
RhpNewArrayFast:
RhpNewPtrArrayFast:
        cmp     edx, LARGEST_SMALL      ; unsigned: a negative length is a big one
        jae     .slow
        movzx   eax, word [ecx]         ; component size
        imul    eax, edx                ; below 2^29
        add     eax, [ecx + TYPE_BASE_SIZE]
        cmp     eax, LARGEST_SMALL
        ja      .slow
        add     eax, 7
        shr     eax, 3
        movzx   eax, byte [class_of_size + eax]
        shl     eax, CONTEXT_SHIFT
        push    ebx
        mov     ebx, [contexts + eax + CONTEXT_NEXT]
        cmp     ebx, [contexts + eax + CONTEXT_END]
        jae     .slow_after_push
        mov     [ebx + 4], ecx
        mov     [ebx + 8], edx
        lea     edx, [ebx + 4]
        add     ebx, [contexts + eax + CONTEXT_SIZE]
        mov     [contexts + eax + CONTEXT_NEXT], ebx
        mov     eax, edx
        pop     ebx
        ret
.slow_after_push:
        pop     ebx
.slow:
        jmp     HaukiNewArraySlow

allocator_end:

section .bss
alignb 16

contexts:
        resb    CLASS_COUNT << CONTEXT_SHIFT

class_of_size:
        resb    LARGEST_SMALL / 8 + 1
