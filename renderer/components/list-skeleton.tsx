/** Stands where a list will be, in its rhythm, so that nothing jumps when it comes. */
export function ListSkeleton({ rows = 8, label = 'Loading' }: { readonly rows?: number; readonly label?: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div className="skeleton-row" key={row}>
          <div className="skeleton-bar" />
          <div>
            <div className="skeleton-bar" style={{ width: `${82 - ((row * 17) % 40)}%` }} />
            <div className="skeleton-bar" style={{ width: `${54 - ((row * 11) % 24)}%` }} />
          </div>
          <div className="skeleton-bar" />
        </div>
      ))}
    </div>
  )
}
